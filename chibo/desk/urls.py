"""Addresses of the pages that compose several domains."""

from django.urls import path

from chibo.desk.views import (
    attending,
    history,
    home,
    importing,
    member,
    month,
    officer,
    operator,
    search,
    terms,
    transfers,
    units,
)

urlpatterns = [
    # Whose desk it is
    path("", home.home, name="home"),
    path("month/<uuid:unit_id>/", month.month, name="month"),
    path("month/<uuid:unit_id>/remind/", month.remind, name="remind_all"),
    path("my/", member.my_page, name="my_page"),
    path("attending/", attending.attending, name="attending"),
    path("officer/<uuid:unit_id>/", officer.officer, name="officer"),
    path("officer/<uuid:unit_id>/<slug:what>/", officer.behind, name="behind"),
    path("operator/", operator.operator, name="operator"),
    # The tree and its people
    path("units/<uuid:unit_id>/", units.unit, name="unit"),
    path("units/<uuid:unit_id>/members/", units.members, name="unit_members"),
    path("units/<uuid:unit_id>/members/import/", importing.import_members, name="import_members"),
    path("units/<uuid:unit_id>/members/arrive/", transfers.arrive, name="arrive"),
    path("units/<uuid:unit_id>/history/", history.history, name="unit_history"),
    path("units/<uuid:unit_id>/figures/", history.figures, name="unit_figures"),
    path("units/<uuid:unit_id>/transfers/", transfers.transfers, name="transfers"),
    path("people/<uuid:person_id>/introduce/", transfers.introduce, name="introduce"),
    path("transfers/<uuid:transfer_id>/", transfers.transfer, name="transfer"),
    path("transfers/<uuid:transfer_id>/letter/", transfers.letter, name="letter"),
    path("transfers/<uuid:transfer_id>/receive/", transfers.receive, name="receive_transfer"),
    path("transfers/<uuid:transfer_id>/withdraw/", transfers.withdraw, name="withdraw_transfer"),
    path("transfers/<uuid:transfer_id>/prolong/", transfers.prolong, name="prolong_transfer"),
    path("transfers/<uuid:transfer_id>/return/", transfers.return_transfer, name="return_transfer"),
    path("units/<uuid:unit_id>/terms/", terms.terms, name="terms"),
    path("units/<uuid:unit_id>/elect/", terms.elect, name="elect"),
    path("search/", search.search, name="search"),
]
