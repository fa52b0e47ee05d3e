"""The addresses of meetings, in the order of a meeting's life."""

from django.urls import path

from chibo.meetings.views import announcement, closing, holding, preparation, resolving

app_name = "meetings"
urlpatterns = [
    # Preparing and announcing
    path("of/<uuid:unit_id>/", preparation.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/rolls/", closing.rolls, name="rolls"),
    path("plan/<uuid:unit_id>/", preparation.plan, name="plan"),
    path("<uuid:meeting_id>/", preparation.meeting, name="meeting"),
    path("<uuid:meeting_id>/booklet/", preparation.booklet, name="booklet"),
    path("<uuid:meeting_id>/change/", preparation.change, name="change"),
    path("<uuid:meeting_id>/cancel/", preparation.cancel, name="cancel"),
    path("<uuid:meeting_id>/announce/", announcement.announce, name="announce"),
    path("<uuid:meeting_id>/in-person/", announcement.in_person, name="in_person"),
    path("<uuid:meeting_id>/read/", announcement.read, name="read"),
    path("<uuid:meeting_id>/preparatory/", preparation.preparatory, name="preparatory"),
    path("<uuid:meeting_id>/add-part/", preparation.add_part, name="add_part"),
    path("parts/<uuid:part_id>/", preparation.part, name="part"),
    path("parts/<uuid:part_id>/assign/", preparation.assign_part, name="assign_part"),
    path("parts/<uuid:part_id>/hand-in/", preparation.hand_in, name="hand_in"),
    path("parts/<uuid:part_id>/reopen/", preparation.reopen_part, name="reopen_part"),
    path("papers/<uuid:part_file_id>/remove/", preparation.remove_paper, name="remove_paper"),
    path("parts/<uuid:part_id>/move/", preparation.move_part, name="move_part"),
    path("parts/<uuid:part_id>/remove/", preparation.remove_part, name="remove_part"),
    # Holding
    path("<uuid:meeting_id>/hold/", holding.hold, name="hold"),
    path("<uuid:meeting_id>/open/", holding.open_it, name="open"),
    path("<uuid:meeting_id>/officers/", holding.officers, name="officers"),
    path("<uuid:meeting_id>/roll/", holding.roll, name="roll"),
    path("parts/<uuid:part_id>/said/", holding.contribute, name="contribute"),
    path("parts/<uuid:part_id>/outcome/", holding.outcome, name="outcome"),
    path("contributions/<uuid:contribution_id>/", holding.contribution, name="contribution"),
    path("contributions/<uuid:contribution_id>/remove/", holding.remove_contribution, name="remove_contribution"),
    path("<uuid:meeting_id>/votes/", holding.vote, name="vote"),
    path("<uuid:meeting_id>/votes/ballots/", holding.ballots, {"what": "ballots"}, name="ballots"),
    path("<uuid:meeting_id>/votes/list/", holding.ballots, {"what": "list"}, name="voters"),
    path("votes/<uuid:vote_id>/withdraw/", holding.withdraw_vote, name="withdraw_vote"),
    path("<uuid:meeting_id>/resolution/", resolving.resolution, name="resolution"),
    path("<uuid:meeting_id>/resolution/vote/", resolving.vote_on_resolution, name="vote_on_resolution"),
    path("clauses/<uuid:clause_id>/", resolving.edit_clause, name="edit_clause"),
    path("clauses/<uuid:clause_id>/remove/", resolving.remove_clause, name="remove_clause"),
    path("<uuid:meeting_id>/tasks/", resolving.give_task, name="give_task"),
    path("<uuid:meeting_id>/conclusion/", resolving.conclude, name="conclude"),
    path("<uuid:meeting_id>/end/", holding.end, name="end"),
    # Closing
    path("<uuid:meeting_id>/minutes/", closing.minutes, name="minutes"),
    path("<uuid:meeting_id>/minutes/aloud/", closing.aloud, name="aloud"),
    path("<uuid:meeting_id>/minutes/compose/", closing.compose, name="compose"),
    path("<uuid:meeting_id>/minutes/read-back/", closing.read_back, name="read_back"),
    path("<uuid:meeting_id>/minutes/adopt/", closing.adopt, name="adopt"),
    path("<uuid:meeting_id>/upload/", closing.note_upload, name="note_upload"),
    path("<uuid:meeting_id>/resolution/issue/", closing.issue_resolution, name="issue_resolution"),
]
