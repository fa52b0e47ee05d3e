"""Addresses of scores and frameworks."""

from django.urls import path

from chibo.assessment.views import frameworks, reviews, rollup, scoring, signals

app_name = "assessment"
urlpatterns = [
    path("meetings/<uuid:meeting_id>/", scoring.scores, name="scores"),
    path("meetings/<uuid:meeting_id>/sheet/", scoring.sheet, name="sheet"),
    path("meetings/<uuid:meeting_id>/superior/", scoring.superior, name="superior"),
    path("meetings/<uuid:meeting_id>/observer/", scoring.observer, name="observer"),
    path("meetings/<uuid:meeting_id>/again/", scoring.again, name="again"),
    path("meetings/<uuid:meeting_id>/superior/again/", scoring.superior_again, name="superior_again"),
    path("of/<uuid:unit_id>/", scoring.year, name="year"),
    path("of/<uuid:unit_id>/reviews/", reviews.of_unit, name="reviews"),
    path("of/<uuid:unit_id>/reviews/below/", reviews.below, name="reviews_below"),
    path("of/<uuid:unit_id>/reviews/<slug:subject>/", reviews.write, name="write_review"),
    path("reviews/<uuid:review_id>/", reviews.review, name="review"),
    path("reviews/<uuid:review_id>/appraise/", reviews.appraise, name="appraise"),
    path("reviews/<uuid:review_id>/decide/", reviews.decide, name="decide"),
    path("of/<uuid:unit_id>/signals/", signals.signals, name="signals"),
    path("of/<uuid:unit_id>/month/", rollup.month, name="month"),
    path("of/<uuid:unit_id>/burden/", rollup.burden_meter, name="burden"),
    path("frameworks/of/<uuid:unit_id>/", frameworks.of_unit, name="frameworks"),
    path("frameworks/of/<uuid:unit_id>/draft/", frameworks.draft, name="draft_framework"),
    path("frameworks/<uuid:version_id>/", frameworks.framework, name="framework"),
    path("frameworks/<uuid:version_id>/criteria/<slug:code>/", frameworks.criterion, name="criterion"),
    path("frameworks/<uuid:version_id>/criteria/<slug:code>/more/", frameworks.new_criterion, name="new_criterion"),
    path("frameworks/<uuid:version_id>/publish/", frameworks.publish, name="publish_framework"),
    path("frameworks/<uuid:version_id>/try/", frameworks.try_out, name="try_framework"),
    path("frameworks/<uuid:version_id>/discard/", frameworks.discard, name="discard_framework"),
    path("frameworks/<uuid:version_id>/end/", frameworks.end, name="end_framework"),
]
