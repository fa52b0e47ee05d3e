"""Addresses of drafts."""

from django.urls import path

from chibo.consultations.views import public, reading, sorting

for_the_public = [
    path("gop-y/<slug:code>/", public.draft, name="draft"),
    path("gop-y/<slug:code>/<int:number>/", public.draft_comment, name="draft_comment"),
]
"""Without a power, under the name `public`."""

app_name = "consultations"
urlpatterns = [
    path("of/<uuid:unit_id>/", reading.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/new/", sorting.lay_open, name="lay_open"),
    path("<uuid:consultation_id>/", reading.consultation, name="consultation"),
    path("<uuid:consultation_id>/from/<uuid:unit_id>/<int:number>/", reading.comment, name="comment"),
    path("<uuid:consultation_id>/table/", reading.table, name="table"),
    path("<uuid:consultation_id>/paragraphs/<int:number>/", sorting.paragraph, name="paragraph"),
    path("<uuid:consultation_id>/end/", sorting.end, name="end"),
    path("<uuid:consultation_id>/conclude/", sorting.conclude, name="conclude"),
    path("points/<uuid:point_id>/answer/", sorting.answer, name="answer"),
    path("points/<uuid:point_id>/undo/", sorting.undo_point, name="undo_point"),
    path("comments/<uuid:comment_id>/take-back/", reading.take_back, name="take_back"),
]
