from django.db import models
from mptt.models import MPTTModel, TreeForeignKey
from treebeard.mp_tree import MP_Node


class Beard(MP_Node):  # type: ignore[misc]
    """A unit as django-treebeard keeps it: a materialized path."""

    name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name


class Mptt(MPTTModel):  # type: ignore[misc]
    """A unit as django-mptt keeps it: a nested set."""

    name = models.CharField(max_length=40)
    parent = TreeForeignKey("self", models.CASCADE, null=True, related_name="children")

    def __str__(self) -> str:
        return self.name
