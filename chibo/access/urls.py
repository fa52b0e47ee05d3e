from django.urls import path

from chibo.access import views

app_name = "access"
urlpatterns = [
    path("units/<uuid:unit_id>/accounts/", views.accounts, name="accounts"),
    path("units/<uuid:unit_id>/roles/", views.grants, name="grants"),
    path("units/<uuid:unit_id>/roles/new/", views.give_grant, name="give_grant"),
    path("roles/<uuid:grant_id>/end/", views.end_grant, name="end_grant"),
    path("people/<uuid:person_id>/", views.account, name="account"),
    path("people/<uuid:person_id>/close/", views.close_account, name="close_account"),
    path("people/<uuid:person_id>/reopen/", views.reopen_account, name="reopen_account"),
    path("people/<uuid:person_id>/code/new/", views.issue_code, name="issue_code"),
    path("people/<uuid:person_id>/code/", views.code, name="code"),
]
