"""Addresses of directives and guidance."""

from django.urls import path

from chibo.learning import views

app_name = "learning"
urlpatterns = [
    path("of/<uuid:unit_id>/", views.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/send/", views.send, name="send"),
    path("<uuid:directive_id>/", views.directive, name="directive"),
    path("<uuid:directive_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:directive_id>/adapt/<uuid:unit_id>/", views.adapt, name="adapt"),
    path("<uuid:directive_id>/received/<uuid:unit_id>/", views.received, name="received"),
    path("<uuid:directive_id>/studied/<uuid:unit_id>/", views.studied, name="studied"),
    path("<uuid:directive_id>/report/<uuid:unit_id>/", views.report, name="report"),
    path("<uuid:directive_id>/board/<uuid:unit_id>/", views.board, name="board"),
]
