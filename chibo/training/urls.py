"""Addresses of training."""

from django.urls import path

from chibo.training.views import exercises, practice

app_name = "training"
urlpatterns = [
    path("", exercises.every, name="exercises"),
    path("of/<uuid:unit_id>/", exercises.of_unit, name="of_unit"),
    path("exercises/<slug:code>/", exercises.exercise, name="exercise"),
    path("practice/", practice.practice, name="practice"),
    path("practice/begin/", practice.begin, name="begin"),
    path("practice/resume/", practice.resume, name="resume"),
    path("practice/on/", practice.move_on, name="move_on"),
    path("practice/leave/", practice.leave, name="leave"),
    path("practice/end/", practice.end, name="end"),
]
