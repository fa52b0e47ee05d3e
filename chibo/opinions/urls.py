"""Addresses of opinions."""

from django.urls import path

from chibo.opinions import views

app_name = "opinions"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("of/<uuid:unit_id>/", views.inbox, name="inbox"),
    path("of/<uuid:unit_id>/raised/", views.raised, name="raised"),
    path("of/<uuid:unit_id>/raise/", views.raise_one, name="raise"),
    path("said/<uuid:contribution_id>/", views.from_meeting, name="from_meeting"),
    path("meetings/<uuid:meeting_id>/", views.to_tell, name="to_tell"),
    path("meetings/<uuid:meeting_id>/told/<uuid:opinion_id>/", views.tell, name="tell"),
    path("<uuid:opinion_id>/", views.opinion, name="opinion"),
    path("<uuid:opinion_id>/send/", views.send, name="send"),
    path("<uuid:opinion_id>/join/<uuid:into_id>/", views.join, name="join"),
    path("<uuid:opinion_id>/satisfied/", views.satisfied, name="satisfied"),
    path("<uuid:opinion_id>/again/", views.again, name="again"),
]
