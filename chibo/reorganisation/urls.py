from django.urls import path

from chibo.reorganisation import views

app_name = "reorganisation"
urlpatterns = [
    path("of/<uuid:unit_id>/", views.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/new/", views.new, name="new"),
    path("<uuid:reorganisation_id>/", views.one, name="one"),
    path("<uuid:reorganisation_id>/decision/", views.head, name="head"),
    path("<uuid:reorganisation_id>/add/<str:what>/", views.add, name="add"),
    path("<uuid:reorganisation_id>/discard/", views.discard, name="discard"),
    path("offices/<uuid:allocation_id>/remove/", views.forget_office, name="forget_office"),
    path("lines/<uuid:line_id>/remove/", views.remove, name="remove"),
    path("<uuid:reorganisation_id>/members/", views.members, name="members"),
    path("<uuid:reorganisation_id>/tasks/", views.tasks, name="tasks"),
    path("<uuid:reorganisation_id>/offices/", views.offices, name="offices"),
    path("<uuid:reorganisation_id>/workbook/", views.workbook, name="workbook"),
    path("<uuid:reorganisation_id>/rehearsal/", views.rehearsal, name="rehearsal"),
    path("<uuid:reorganisation_id>/submit/", views.submit, name="submit"),
    path("<uuid:reorganisation_id>/approve/", views.approve, name="approve"),
    path("<uuid:reorganisation_id>/send-back/", views.send_back, name="send_back"),
    path("<uuid:reorganisation_id>/undo/", views.undo, name="undo"),
]
