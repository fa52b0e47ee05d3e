from django.urls import path

from chibo.people import views

app_name = "people"
urlpatterns = [
    path("people/seen/", views.seen, name="seen"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("people/<uuid:person_id>/correct/", views.correct, name="correct"),
    path("people/<uuid:person_id>/status/", views.change_status, name="status"),
    path("people/<uuid:person_id>/transfer/", views.transfer, name="transfer"),
    path("people/<uuid:person_id>/end/", views.end, name="end"),
    path("people/<uuid:person_id>/offices/new/", views.take_office, name="take_office"),
    path("offices/<uuid:office_id>/end/", views.leave_office, name="leave_office"),
    path("lists/<uuid:import_id>/", views.list_of_members, name="list"),
    path("lists/<uuid:import_id>/columns/", views.list_columns, name="list_columns"),
    path("lists/<uuid:import_id>/cells/", views.list_cells, name="list_cells"),
    path("lists/<uuid:import_id>/enter/", views.enter_list, name="enter_list"),
    path("lists/<uuid:import_id>/rest/", views.list_rest, name="list_rest"),
    path("lists/<uuid:import_id>/undo/", views.undo_list, name="undo_list"),
    path("units/<uuid:unit_id>/members/doubled/", views.doubled, name="doubled"),
    path("people/<uuid:person_id>/merge/", views.merge_with, name="merge_with"),
    path("people/<uuid:one_id>/and/<uuid:other_id>/merge/", views.merge, name="merge"),
    path("people/<uuid:one_id>/and/<uuid:other_id>/apart/", views.tell_apart, name="tell_apart"),
    path("units/<uuid:unit_id>/members/new/", views.enter, name="enter"),
    path("units/<uuid:unit_id>/committees/new/", views.form_committee, name="form_committee"),
]
