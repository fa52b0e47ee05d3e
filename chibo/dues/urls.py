"""Addresses of dues."""

from django.urls import path

from chibo.dues import views

app_name = "dues"
urlpatterns = [
    path("mine/", views.mine, name="mine"),
    path("sums/<uuid:unit_id>/", views.sums, name="sums"),
    path("of/<uuid:unit_id>/", views.month, name="month"),
    path("of/<uuid:unit_id>/list/", views.month_list, name="list"),
    path("of/<uuid:unit_id>/collector/", views.collector, name="collector"),
    path("of/<uuid:unit_id>/hand-up/", views.hand_up, name="hand_up"),
    path("of/<uuid:unit_id>/<uuid:person_id>/", views.member, name="member"),
    path("of/<uuid:unit_id>/<uuid:person_id>/agree/", views.agree, name="agree"),
    path("of/<uuid:unit_id>/<uuid:person_id>/pay/", views.pay, name="pay"),
    path("of/<uuid:unit_id>/<uuid:person_id>/reason/", views.reason, name="reason"),
    path("payments/<uuid:payment_id>/receipt/", views.receipt, name="receipt"),
    path("payments/<uuid:payment_id>/correct/", views.correct, name="correct"),
    path("handed/<uuid:handing_id>/paper/", views.handing_paper, name="handing_paper"),
    path("handed/<uuid:handing_id>/take-back/", views.take_back, name="take_back"),
    path("handed/<uuid:handing_id>/confirm/", views.confirm, name="confirm"),
    path("handed/<uuid:handing_id>/decline/", views.decline, name="decline"),
]
