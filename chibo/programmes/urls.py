"""Addresses of programmes."""

from django.urls import path

from chibo.programmes.views import calling, entering, judging, spreading

app_name = "programmes"
urlpatterns = [
    path("of/<uuid:unit_id>/", calling.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/call/", calling.call, name="call"),
    path("of/<uuid:unit_id>/kits/", spreading.kits, name="kits"),
    path("<uuid:programme_id>/", calling.programme, name="programme"),
    path("<uuid:programme_id>/open/", calling.open_cycle, name="open_cycle"),
    path("<uuid:programme_id>/end/", calling.end, name="end"),
    path("<uuid:programme_id>/compare/", spreading.compare, name="compare"),
    path("rounds/<uuid:cycle_id>/", calling.cycle, name="cycle"),
    path("rounds/<uuid:cycle_id>/of/<uuid:unit_id>/", calling.entries, name="entries"),
    path("rounds/<uuid:cycle_id>/of/<uuid:unit_id>/board/", calling.board, name="board"),
    path("rounds/<uuid:cycle_id>/of/<uuid:unit_id>/review/", calling.review, name="review"),
    path("rounds/<uuid:cycle_id>/of/<uuid:unit_id>/enter/", entering.begin, name="begin"),
    path("entries/<uuid:entry_id>/", entering.entry, name="entry"),
    path("entries/<uuid:entry_id>/change/", entering.change, name="change"),
    path("entries/<uuid:entry_id>/lay/", entering.lay, name="lay"),
    path("entries/<uuid:entry_id>/said/", entering.said, name="said"),
    path("entries/<uuid:entry_id>/register/", entering.register, name="register"),
    path("entries/<uuid:entry_id>/withdraw/", entering.withdraw, name="withdraw"),
    path("entries/<uuid:entry_id>/check/", entering.self_check, name="self_check"),
    path("entries/<uuid:entry_id>/papers/<str:name>/", entering.paper, name="paper"),
    path("entries/<uuid:entry_id>/answer/", judging.answer, name="answer"),
    path("entries/<uuid:entry_id>/appraise/<str:kind>/", judging.appraise, name="appraise"),
    path("entries/<uuid:entry_id>/recognise/", judging.recognise, name="recognise"),
    path("recognitions/<uuid:recognition_id>/paper/", judging.paper, name="recognition_paper"),
    path("recognitions/<uuid:recognition_id>/withdraw/", judging.withdraw, name="withdraw_recognition"),
    path("entries/<uuid:entry_id>/kit/", spreading.kit, name="kit"),
    path("entries/<uuid:entry_id>/kit/hide/", spreading.hide, name="hide"),
    path("entries/<uuid:entry_id>/lineage/", spreading.lineage, name="lineage"),
]
