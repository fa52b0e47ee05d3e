"""Addresses of attending and its reports."""

from django.urls import path

from chibo.supervision import views

app_name = "supervision"
urlpatterns = [
    path("of/<uuid:unit_id>/", views.board, name="board"),
    path("of/<uuid:unit_id>/assign/", views.assign, name="assign"),
    path("of/<uuid:unit_id>/plan/", views.plan, name="plan"),
    path("of/<uuid:unit_id>/missing/", views.missing, name="missing"),
    path("of/<uuid:unit_id>/remind/", views.remind, name="remind"),
    path("meetings/<uuid:meeting_id>/propose/", views.propose, name="propose"),
    path("meetings/<uuid:meeting_id>/stand-in/", views.stand_in, name="stand_in"),
    path("meetings/<uuid:meeting_id>/report/", views.report, name="report"),
    path("meetings/<uuid:meeting_id>/reports/", views.reports, name="reports"),
    path("proposals/<uuid:proposal_id>/", views.proposal, name="proposal"),
    path("promises/<uuid:promise_id>/kept/", views.keep, name="keep"),
    path("reminders/<uuid:reminder_id>/", views.reminder, name="reminder"),
]
