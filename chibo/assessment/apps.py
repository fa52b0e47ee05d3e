from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "chibo.assessment"
