"""The rules of a unit, one rule with its history, and setting one's own."""

from django.urls import path

from chibo.regulations import views

app_name = "regulations"
urlpatterns = [
    path("<uuid:unit_id>/", views.rules_of_unit, name="unit"),
    path("<uuid:unit_id>/<str:key>/", views.rule, name="rule"),
    path("<uuid:unit_id>/<str:key>/set/", views.set_rule, name="set"),
    path("<uuid:unit_id>/<str:key>/<uuid:value_id>/end/", views.end_rule, name="end"),
]
