"""Every power there is, on one page. Who has which, where, is in policy.csv; what limits its use is in the actions."""

from enum import StrEnum


class Capability(StrEnum):
    # everybody who is signed in
    HOME = "home"
    # the tree and the people
    SEE_UNIT = "see_unit"
    MANAGE_UNITS = "manage_units"
    SEE_MEMBERS = "see_members"
    MANAGE_MEMBERS = "manage_members"
    SEE_TRANSFERS = "see_transfers"
    RECEIVE_TRANSFER = "receive_transfer"
    MANAGE_GRANTS = "manage_grants"
    MANAGE_ACCOUNTS = "manage_accounts"
    # regulations
    SEE_RULES = "see_rules"
    SET_RULES = "set_rules"
    # meetings
    SEE_MEETING = "see_meeting"
    SEE_PROCEEDINGS = "see_proceedings"
    SEE_ROLLS = "see_rolls"
    PLAN_MEETING = "plan_meeting"
    PREPARE_MEETING = "prepare_meeting"
    WRITE_PART = "write_part"
    RECORD_PREPARATORY_MEETING = "record_preparatory_meeting"
    ANNOUNCE_MEETING = "announce_meeting"
    HOLD_MEETING = "hold_meeting"
    RECORD_MEETING = "record_meeting"
    WRITE_MINUTES = "write_minutes"
    ADOPT_MINUTES = "adopt_minutes"
    ISSUE_RESOLUTION = "issue_resolution"
    # opinions
    RAISE_OPINION = "raise_opinion"
    SEE_OPINIONS = "see_opinions"
    ANSWER_OPINION = "answer_opinion"
    COLLECT_VOICES = "collect_voices"
    SEE_TOPICS = "see_topics"
    PLAN_TOPICS = "plan_topics"
    # directives
    SEE_DIRECTIVES = "see_directives"
    ANSWER_DIRECTIVE = "answer_directive"
    SEND_DIRECTIVE = "send_directive"
    # programmes
    SEE_PROGRAMMES = "see_programmes"
    SEE_ENTRIES = "see_entries"
    SEE_DRAFT_ENTRIES = "see_draft_entries"
    ENTER_PROGRAMME = "enter_programme"
    JUDGE_ENTRY = "judge_entry"
    CALL_PROGRAMME = "call_programme"
    # admissions
    SEE_ADMISSIONS = "see_admissions"
    LEAD_ADMISSION = "lead_admission"
    DECIDE_ADMISSION = "decide_admission"
    # means to work with
    SEE_READINESS = "see_readiness"
    ANSWER_READINESS = "answer_readiness"
    # dues
    SEE_DUES = "see_dues"
    SET_DUES = "set_dues"
    COLLECT_DUES = "collect_dues"
    SEE_DUES_SUMS = "see_dues_sums"
    RECEIVE_DUES = "receive_dues"
    # drafts
    SEE_DRAFTS = "see_drafts"
    COMMENT_DRAFT = "comment_draft"
    CONSULT = "consult"
    # training
    SEE_TRAINING = "see_training"
    SEE_COURSES = "see_courses"
    NAME_FOR_COURSE = "name_for_course"
    SEE_CERTIFICATES = "see_certificates"
    HOLD_COURSE = "hold_course"
    # supervision
    PLAN_ATTENDANCE = "plan_attendance"
    WRITE_REPORT = "write_report"
    SEE_REPORTS = "see_reports"
    INSPECT = "inspect"
    SEE_INSPECTIONS = "see_inspections"
    ANSWER_INSPECTION = "answer_inspection"
    # assessment
    SEE_SCORES = "see_scores"
    SCORE_MEETING = "score_meeting"
    SCORE_AS_SUPERIOR = "score_as_superior"
    SEE_SIGNALS = "see_signals"
    SEE_BURDEN = "see_burden"
    LOOK_FROM_ABOVE = "look_from_above"
    SEE_REVIEWS = "see_reviews"
    REVIEW_SELF = "review_self"
    DECIDE_REVIEW = "decide_review"
    # tasks
    SEE_TASKS = "see_tasks"
    GIVE_TASK = "give_task"
    REPORT_TASK = "report_task"
    SETTLE_TASK = "settle_task"
    REMIND_TASK = "remind_task"
    RAISE_TASK = "raise_task"
    ANSWER_TASK = "answer_task"
