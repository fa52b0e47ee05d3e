"""What the notices about tasks say."""

from dataclasses import dataclass
from datetime import date

from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.tasks.models import Extension, Question, Task, TaskReport


@dataclass(frozen=True, slots=True)
class Message:
    subject: Said
    body: Said


def given(task: Task) -> Message:
    return Message(
        _("You are given a task: {title}").format(title=task.title),
        _("{due}\nExpected result: {expected}").format(due=_due(task.due_on), expected=task.expected)
        if task.expected
        else _due(task.due_on),
    )


def short_message(task: Task) -> str:
    """A reminder in one short message, for somebody to send from his telephone."""
    due = f", hạn {task.due_on:%d/%m/%Y}" if task.due_on else ""
    return f"Nhắc đồng chí việc “{task.title}”{due}. Đề nghị báo cáo kết quả."


def reported(task: Task, report: TaskReport) -> Message:
    return Message(
        _("A task is reported: {title}").format(title=task.title),
        _("{who} reports: {outcome}.\n{text}\nAccept the report or give it back.").format(
            who=report.by or _("The secretary"), outcome=report.outcome_in_words, text=report.text
        ),
    )


def returned(task: Task, reason: str) -> Message:
    return Message(
        _("A report is given back to you: {title}").format(title=task.title),
        _("Still missing: {reason}\n{due}").format(reason=reason, due=_due(task.due_on)),
    )


def extended(task: Task, extension: Extension) -> Message:
    return Message(
        _("You have more time: {title}").format(title=task.title),
        _("The new due day is {to:%d/%m/%Y} (it was {before:%d/%m/%Y}). Reason: {reason}").format(
            to=extension.to_on, before=extension.from_on, reason=extension.reason
        ),
    )


def cancelled(task: Task) -> Message:
    return Message(
        _("A task is cancelled: {title}").format(title=task.title),
        _("You need not do it any more. Reason: {reason}").format(reason=task.settlement),
    )


def raised(task: Task, question: Question, unit: str) -> Message:
    return Message(
        _("A question waits for your answer: {title}").format(title=task.title),
        _("{unit} asks: {question}").format(unit=unit, question=question.text),
    )


def answered(task: Task, question: Question, unit: str) -> Message:
    return Message(
        _("The unit above has answered: {title}").format(title=task.title),
        _("Question: {question}\nAnswer of {unit}: {answer}").format(
            question=question.text, unit=unit, answer=question.answer
        ),
    )


def reminded(task: Task) -> Message:
    return Message(
        _("A reminder of your task: {title}").format(title=task.title),
        _("{due}\nWhen it is done, or cannot be done, please report it.").format(due=_due(task.due_on)),
    )


def _due(due_on: date | None) -> Said:
    return _("Due on {due:%d/%m/%Y}.").format(due=due_on) if due_on else _("It has no due day yet.")
