from django.urls import path

app_name = "tasks"
from django.urls import URLPattern
urlpatterns: list[URLPattern] = []
