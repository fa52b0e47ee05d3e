"""Extensions, the fold for search, and the tables of sent and kept forms."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

import chibo.core.keys

# The SQL twin of core.names.fold. normalize() and regexp_replace() are immutable, so a generated column may use it.
FOLD = r"""
CREATE FUNCTION chibo_fold(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    lower(regexp_replace(normalize(translate(name, 'đĐ', 'dD'), NFD), '[\u0300-\u036f]', '', 'g')),
    '\s+', ' ', 'g'));
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION chibo_fold(text)"),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("user_id", models.UUIDField()),
                ("digest", models.CharField(max_length=64)),
                ("outcome", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                (
                    "id",
                    models.UUIDField(default=chibo.core.keys.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("user_id", models.UUIDField()),
                ("path", models.CharField(max_length=500)),
                ("fields", models.JSONField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
