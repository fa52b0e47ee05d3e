"""Addresses of opinions."""

from django.urls import path

from chibo.opinions.views import answering as views
from chibo.opinions.views import collecting, public

for_the_public = [
    path("y-kien/", public.receipt, name="receipt"),
    path("y-kien/<slug:code>/", public.say, name="say"),
]
"""Without a power, under the name `public`; on a host of its own nothing but these."""

app_name = "opinions"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("of/<uuid:unit_id>/", views.inbox, name="inbox"),
    path("of/<uuid:unit_id>/raised/", views.raised, name="raised"),
    path("of/<uuid:unit_id>/raise/", views.raise_one, name="raise"),
    path("said/<uuid:contribution_id>/", views.from_meeting, name="from_meeting"),
    path("meetings/<uuid:meeting_id>/", views.to_tell, name="to_tell"),
    path("meetings/<uuid:meeting_id>/told/<uuid:opinion_id>/", views.tell, name="tell"),
    path("of/<uuid:unit_id>/public/", collecting.of_unit, name="collections"),
    path("public/<uuid:collection_id>/", collecting.collection, name="collection"),
    path("public/<uuid:collection_id>/poster/", collecting.poster, name="poster"),
    path("public/<uuid:collection_id>/end/", collecting.end, name="end_collection"),
    path("public/<uuid:collection_id>/lay/", collecting.lay, name="lay_before"),
    path("voices/<uuid:voice_id>/take-up/", collecting.take_up, name="take_up"),
    path("voices/<uuid:voice_id>/reply/", collecting.reply, name="reply"),
    path("voices/<uuid:voice_id>/set-aside/", collecting.set_aside, name="set_aside"),
    path("<uuid:opinion_id>/", views.opinion, name="opinion"),
    path("<uuid:opinion_id>/send/", views.send, name="send"),
    path("<uuid:opinion_id>/join/<uuid:into_id>/", views.join, name="join"),
    path("<uuid:opinion_id>/satisfied/", views.satisfied, name="satisfied"),
    path("<uuid:opinion_id>/again/", views.again, name="again"),
]
