"""Addresses of directives, guidance and materials."""

from django.urls import path

from chibo.learning.views import directives as views
from chibo.learning.views import materials

app_name = "learning"
urlpatterns = [
    path("of/<uuid:unit_id>/", views.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/send/", views.send, name="send"),
    path("of/<uuid:unit_id>/materials/", materials.of_unit, name="materials"),
    path("of/<uuid:unit_id>/materials/publish/", materials.publish, name="publish"),
    path("of/<uuid:unit_id>/reading/", materials.reading, name="reading"),
    path("materials/<uuid:material_id>/", materials.material, name="material"),
    path("materials/<uuid:material_id>/edition/", materials.next_edition, name="next_edition"),
    path("materials/<uuid:material_id>/list/", materials.put_on_list, name="put_on_list"),
    path("materials/<uuid:material_id>/end/", materials.end, name="end_material"),
    path("editions/<uuid:edition_id>/file/", materials.file, name="edition_file"),
    path("editions/<uuid:edition_id>/audio/", materials.audio, name="edition_audio"),
    path("reading/<uuid:reading_id>/off/", materials.take_off_list, name="take_off_list"),
    path("<uuid:directive_id>/", views.directive, name="directive"),
    path("<uuid:directive_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:directive_id>/adapt/<uuid:unit_id>/", views.adapt, name="adapt"),
    path("<uuid:directive_id>/received/<uuid:unit_id>/", views.received, name="received"),
    path("<uuid:directive_id>/studied/<uuid:unit_id>/", views.studied, name="studied"),
    path("<uuid:directive_id>/report/<uuid:unit_id>/", views.report, name="report"),
    path("<uuid:directive_id>/board/<uuid:unit_id>/", views.board, name="board"),
    path("<uuid:directive_id>/to-tell/<uuid:unit_id>/<slug:way>/", views.to_tell, name="to_tell"),
]
