from django.urls import path

from chibo.tasks import views

app_name = "tasks"
urlpatterns = [
    path("", views.tasks, {"which": "mine"}, name="mine"),
    path("given/", views.tasks, {"which": "given"}, name="given"),
    path("unit/", views.tasks, {"which": "unit"}, name="unit"),
    path("unit/<uuid:unit_id>/", views.tasks, {"which": "unit"}, name="of_unit"),
    path("waiting/", views.tasks, {"which": "waiting"}, name="waiting"),
    path("asked/", views.tasks, {"which": "asked"}, name="asked"),
    path("<uuid:task_id>/", views.task, name="task"),
    path("<uuid:task_id>/correct/", views.correct, name="correct"),
    path("<uuid:task_id>/report/", views.report, name="report"),
    path("<uuid:task_id>/accept/", views.accept, name="accept"),
    path("<uuid:task_id>/return/", views.give_back, name="return"),
    path("<uuid:task_id>/extend/", views.extend, name="extend"),
    path("<uuid:task_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:task_id>/raise/", views.ask_above, name="raise"),
    path("<uuid:task_id>/answer/", views.answer, name="answer"),
    path("<uuid:task_id>/remind/", views.remind, name="remind"),
]
