"""Addresses of admissions."""

from django.urls import path

from chibo.admissions import views

app_name = "admissions"
urlpatterns = [
    path("of/<uuid:unit_id>/", views.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/begin/", views.begin, name="begin"),
    path("of/<uuid:unit_id>/without/", views.without, name="without"),
    path("of/<uuid:unit_id>/targets/", views.targets, name="targets"),
    path("of/<uuid:unit_id>/targets/set/", views.set_targets, name="set_targets"),
    path("<uuid:case_id>/", views.case, name="case"),
    path("<uuid:case_id>/step/<slug:name>/", views.step, name="step"),
    path("<uuid:case_id>/lay/<slug:name>/", views.lay, name="lay"),
    path("<uuid:case_id>/take-back/", views.take_back, name="take_back"),
    path("<uuid:case_id>/stop/", views.stop, name="stop"),
    path("<uuid:case_id>/resume/", views.resume, name="resume"),
    path("<uuid:case_id>/paper/<slug:name>/", views.paper, name="paper"),
]
