"""Addresses of attending and of inspections."""

from django.urls import path

from chibo.supervision.views import attending, inspecting

app_name = "supervision"
urlpatterns = [
    path("of/<uuid:unit_id>/", attending.board, name="board"),
    path("of/<uuid:unit_id>/assign/", attending.assign, name="assign"),
    path("of/<uuid:unit_id>/plan/", attending.plan, name="plan"),
    path("of/<uuid:unit_id>/missing/", attending.missing, name="missing"),
    path("of/<uuid:unit_id>/remind/", attending.remind, name="remind"),
    path("meetings/<uuid:meeting_id>/propose/", attending.propose, name="propose"),
    path("meetings/<uuid:meeting_id>/stand-in/", attending.stand_in, name="stand_in"),
    path("meetings/<uuid:meeting_id>/report/", attending.report, name="report"),
    path("meetings/<uuid:meeting_id>/reports/", attending.reports, name="reports"),
    path("proposals/<uuid:proposal_id>/", attending.proposal, name="proposal"),
    path("promises/<uuid:promise_id>/kept/", attending.keep, name="keep"),
    path("of/<uuid:unit_id>/inspections/", inspecting.inspections, name="inspections"),
    path("of/<uuid:unit_id>/inspections/plan/", inspecting.plan_one, name="plan_inspection"),
    path("cells/<uuid:unit_id>/inspections/", inspecting.of_cell, name="of_cell"),
    path("inspections/<uuid:inspection_id>/", inspecting.inspection, name="inspection"),
    path("inspections/<uuid:inspection_id>/<slug:name>.docx", inspecting.paper, name="inspection_paper"),
    path("of/<uuid:unit_id>/inspections/<slug:name>.docx", inspecting.paper_of_year, name="inspections_paper"),
    path("findings/<uuid:finding_id>/answer/", inspecting.answer_finding, name="answer_finding"),
    path("findings/<uuid:finding_id>/recheck/", inspecting.recheck, name="recheck"),
    path("reminders/<uuid:reminder_id>/", attending.reminder, name="reminder"),
]
