"""Addresses of training."""

from django.urls import path

from chibo.training.views import practice

app_name = "training"
urlpatterns = [
    path("practice/", practice.practice, name="practice"),
    path("practice/begin/", practice.begin, name="begin"),
    path("practice/resume/", practice.resume, name="resume"),
    path("practice/on/", practice.move_on, name="move_on"),
    path("practice/leave/", practice.leave, name="leave"),
    path("practice/end/", practice.end, name="end"),
]
