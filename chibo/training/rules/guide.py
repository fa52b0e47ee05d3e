"""The guide through a practice month: what comes next, by the facts of the month and by nothing else."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.meetings.rules import State, thematic_month
from chibo.training.rules.texts import texts

KEPT_UNUSED = timedelta(days=30)
"""A practice that nobody has gone on with for so long is removed."""
CLOCK_RUNS_FOR = timedelta(hours=3)
"""For so long the clock of a practice goes on by itself, as long as an evening; then it waits."""
BEGINS_BEFORE = timedelta(days=6)
"""So long before the month of its meeting a practice begins."""


class Stage(StrEnum):
    """The stages of the month, in their order."""

    PREPARE = "prepare"
    NOTICE = "notice"
    HOLD = "hold"
    SCORE = "score"
    CLOSE = "close"
    CARRY_OUT = "carry_out"
    DONE = "done"


class Place(StrEnum):
    """The pages to which the guide leads: the names of their addresses."""

    CHANGE = "meetings:change"
    ASSIGN = "meetings:assign_part"
    PART = "meetings:part"
    PREPARATORY = "meetings:preparatory"
    ANNOUNCE = "meetings:announce"
    HOLD = "meetings:hold"
    OFFICERS = "meetings:officers"
    ROLL = "meetings:roll"
    SPEAK = "meetings:contribute"
    RESOLUTION = "meetings:resolution"
    TASKS = "meetings:give_task"
    CONCLUDE = "meetings:conclude"
    END = "meetings:end"
    SHEET = "assessment:sheet"
    MINUTES = "meetings:minutes"
    TASK = "tasks:task"
    CORRECT = "tasks:correct"
    MEETING = "meetings:meeting"


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: the sentence, and the page with it, or the instant to which the clock is moved on.

    `said` is what somebody says meanwhile, to be written down.
    """

    stage: Stage
    sentence: Said
    button: Said
    place: Place | None = None
    thing: UUID | None = None
    moves_to: datetime | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """The facts of a practice month as it stands.

    Of parts: `nobodys` and `mine` are the first that is given to nobody and the first of one's own that is not handed
    in, `theirs_due_on` the last day on which one of the others is due. Of the evening: `unsaid` is what somebody still
    has to say, and `last_minute` the instant at which it has lasted as long as the rule asks. Of tasks: `unreported`
    are those of others, `own_task` one's own without a report. `next_on` is the day of the regular meeting after it.
    """

    meeting: UUID
    state: State
    on: date
    begins_at: datetime
    now: datetime
    has_place: bool = False
    nobodys: UUID | None = None
    nobodys_is_called: str = ""
    mine: UUID | None = None
    mine_is_called: str = ""
    mine_is_the_draft: bool = False
    theirs_due_on: date | None = None
    has_met: bool = False
    has_officers: bool = False
    is_called: bool = False
    discussion: UUID | None = None
    unsaid: str = ""
    unsaid_by: str = ""
    clauses: int = 0
    is_voted: bool = False
    tasks: int = 0
    incomplete_task: UUID | None = None
    has_conclusion: bool = False
    last_minute: datetime | None = None
    is_scored: bool = False
    is_read_back: bool = False
    is_issued: bool = False
    unreported: int = 0
    own_task: UUID | None = None
    next_meeting: UUID | None = None
    next_on: date | None = None


def practice_month(today: date) -> date:
    """The first day of the month whose regular meeting a practice that begins today prepares.

    The next one, unless a thematic session falls into it by the calendar: one meeting is enough to learn on.
    """
    following = _month_after(today)
    return _month_after(following) if following == thematic_month(following) else following


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def first_day(month: date) -> date:
    """The day on which the practice of a month begins."""
    return month - BEGINS_BEFORE


def clock_at(at: datetime, set_at: datetime, real: datetime) -> datetime:
    """What the clock of a practice shows that was set to `at` at the real instant `set_at`: it never leaves its day."""
    runs = min(max(real - set_at, timedelta()), CLOCK_RUNS_FOR)
    end_of_day = datetime.combine(at.date(), time(23, 59), at.tzinfo)
    return max(at, min(at + runs, end_of_day))


def next_step(now: Month) -> Step:
    """What comes next."""
    if now.state is State.PREPARING:
        return _prepare(now) or Step(
            Stage.NOTICE,
            _("Everything is ready. Give notice to the members and to the superior who attends."),
            _("Give notice"),
            Place.ANNOUNCE,
            now.meeting,
        )
    if now.state is State.ANNOUNCED:
        return _until_it_opens(now)
    if now.state is State.UNDER_WAY:
        return _evening(now)
    if now.state is State.ENDED:
        return _closing(now)
    return _afterwards(now)


def _prepare(now: Month) -> Step | None:
    if not now.has_place:
        words = _("The calendar has made the regular meeting by the rule. Write where the cell meets.")
        return Step(Stage.PREPARE, words, _("Write the place"), Place.CHANGE, now.meeting)
    if now.nobodys:
        words = _(
            "“{part}” is given to nobody. Give it to a committee member: where the secretary prepares everything "
            "alone, meetings become monotonous."
        ).format(part=now.nobodys_is_called)
        return Step(Stage.PREPARE, words, _("Say who prepares it"), Place.ASSIGN, now.nobodys)
    if now.mine:
        words = (
            _("“{part}” is yours. Write the draft: what is reached, by when, who does it; then hand it in.")
            if now.mine_is_the_draft
            else _("“{part}” is yours. Write it in a few lines with figures, and hand it in.")
        ).format(part=now.mine_is_called)
        return Step(Stage.PREPARE, words, _("Prepare my part"), Place.PART, now.mine)
    if now.theirs_due_on:
        words = _("The others are preparing their parts. Let the days pass until these are due.")
        day = max(now.theirs_due_on, _day(now.now))
        return Step(Stage.PREPARE, words, _("Go on"), moves_to=_at(now, day, time(16)))
    if not now.has_met:
        words = _(
            "Everything is handed in. Read the parts of the others, meet with your committee to agree the content, and "
            "record in a sentence what was agreed."
        )
        return Step(Stage.PREPARE, words, _("Record the preparatory meeting"), Place.PREPARATORY, now.meeting)
    return None


def _until_it_opens(now: Month) -> Step:
    if _day(now.now) < now.on:
        words = _("Notice is given. The members read the papers. Go on to the evening of the meeting.")
        return Step(Stage.HOLD, words, _("Go on"), moves_to=now.begins_at)
    words = _("It is the evening of the meeting and the members are there. Open the meeting.")
    return Step(Stage.HOLD, words, _("Open the meeting"), Place.HOLD, now.meeting)


def _evening(now: Month) -> Step:
    hold = Stage.HOLD
    if not now.has_officers:
        words = _(
            "Name who takes the minutes: another comrade than who chairs. Write the superior who attends, comrade "
            "{name}, among the guests."
        ).format(name=texts().attending)
        return Step(hold, words, _("Chair, clerk, guests"), Place.OFFICERS, now.meeting)
    if not now.is_called:
        words = _("Call the roll: everybody is there tonight.")
        return Step(hold, words, _("Roll call"), Place.ROLL, now.meeting)
    if now.unsaid and now.discussion:
        words = _("In the discussion comrade {name} speaks. Write down what was said, in a sentence or two.").format(
            name=now.unsaid_by
        )
        return Step(hold, words, _("Write it down in the discussion"), Place.SPEAK, now.discussion, said=now.unsaid)
    if not now.clauses:
        words = _("Write what the cell resolves as a clause: what is reached, by when.")
        return Step(hold, words, _("Resolution"), Place.RESOLUTION, now.meeting)
    if not now.tasks:
        words = _("Give what was resolved as a task: to one comrade by name, with a due day before the next meeting.")
        return Step(hold, words, _("Give the task"), Place.TASKS, now.meeting)
    if now.incomplete_task:
        words = _("A task lacks its due day or who does it. Fill it in before the meeting ends.")
        return Step(hold, words, _("Fill it in"), Place.CORRECT, now.incomplete_task)
    if not now.is_voted:
        words = _("Put the resolution to the vote from its page. It shows the base and how many votes it needs.")
        return Step(hold, words, _("Put the resolution to the vote"), Place.RESOLUTION, now.meeting)
    if not now.has_conclusion:
        words = _("Sum up what the meeting has agreed, as the chair concludes it.")
        return Step(hold, words, _("Conclusion"), Place.CONCLUDE, now.meeting)
    if now.last_minute and now.now < now.last_minute:
        words = _("A session lasts as long as the rule asks. Let the evening go on until then.")
        return Step(hold, words, _("Go on"), moves_to=now.last_minute)
    words = _("Everything is written down. End the meeting; in this practice the session is scored right after it.")
    return Step(hold, words, _("End the meeting"), Place.END, now.meeting)


def _closing(now: Month) -> Step:
    if not now.is_scored:
        words = _(
            "Score the session honestly: what was written down is filled in. What is only done afterwards, such as "
            "adopting the minutes, is scored by what you are about to do."
        )
        return Step(Stage.SCORE, words, _("Score the session"), Place.SHEET, now.meeting)
    if not now.is_read_back:
        words = _("The minutes are composed. Read them through, read them aloud, and mark that they were read back.")
        return Step(Stage.CLOSE, words, _("Finish the minutes"), Place.MINUTES, now.meeting)
    words = _("The minutes were read back. Adopt and lock them.")
    return Step(Stage.CLOSE, words, _("Finish the minutes"), Place.MINUTES, now.meeting)


def _afterwards(now: Month) -> Step:
    if not now.is_issued:
        words = _("The resolution was carried. Issue it under its number, so that it can go out.")
        return Step(Stage.CLOSE, words, _("To the resolution"), Place.MINUTES, now.meeting)
    if now.unreported and now.next_on:
        words = _("The comrades carry out their tasks. Go on to the eve of the next meeting: they report by then.")
        return Step(Stage.CARRY_OUT, words, _("Go on"), moves_to=_at(now, now.next_on - timedelta(days=1), time(8)))
    if now.own_task:
        words = _("You gave one task to yourself. Report how it went, like everybody else.")
        return Step(Stage.CARRY_OUT, words, _("Report on it"), Place.TASK, now.own_task)
    words = _(
        "You have played the whole month. The next meeting opens with the results of what this one has ordered: "
        "look at its agenda."
    )
    return Step(Stage.DONE, words, _("See the next meeting"), Place.MEETING, now.next_meeting)


def _day(at: datetime) -> date:
    return at.date()


def _at(now: Month, on: date, hour: time) -> datetime:
    """An hour of a day, but never before now."""
    return max(datetime.combine(on, hour, now.now.tzinfo), now.now + timedelta(minutes=1))
