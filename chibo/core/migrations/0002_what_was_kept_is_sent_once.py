from typing import Any

from django.db import migrations, models

import chibo.core.keys


def forget(apps: Any, schema_editor: Any) -> None:
    """What was kept before lives a day at most, and nobody knows under which key it was sent."""
    apps.get_model("core", "KeptForm").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0001_fold_and_forms")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AddField(
            model_name="keptform",
            name="form_key",
            field=models.UUIDField(default=chibo.core.keys.uuid7),
            preserve_default=False,
        ),
    ]
