"""Addresses of courses."""

from django.urls import path

from chibo.courses import views

app_name = "courses"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("of/<uuid:unit_id>/", views.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/write/", views.write, name="write"),
    path("<uuid:course_id>/", views.course, name="course"),
    path("<uuid:course_id>/change/", views.change, name="change"),
    path("<uuid:course_id>/announce/", views.announce, name="announce"),
    path("<uuid:course_id>/call-off/", views.call_off, name="call_off"),
    path("<uuid:course_id>/end/", views.end, name="end"),
    path("<uuid:course_id>/sessions/write/", views.write_session, name="write_session"),
    path("<uuid:course_id>/units/", views.units, name="units"),
    path("<uuid:course_id>/send/<uuid:unit_id>/", views.send, name="send"),
    path("<uuid:course_id>/certificates/", views.give, name="give"),
    path("<uuid:course_id>/certificates/list/", views.list_paper, name="list_paper"),
    path("sessions/<uuid:session_id>/change/", views.change_session, name="change_session"),
    path("sessions/<uuid:session_id>/remove/", views.remove_session, name="remove_session"),
    path("sessions/<uuid:session_id>/roll/", views.roll, name="roll"),
    path("seats/<uuid:seat_id>/take-back/", views.take_back, name="take_back"),
    path("certificates/<uuid:certificate_id>/paper/", views.paper, name="paper"),
    path("certificates/<uuid:certificate_id>/withdraw/", views.withdraw, name="withdraw"),
]
