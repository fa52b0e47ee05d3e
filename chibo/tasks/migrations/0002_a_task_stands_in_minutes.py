from typing import Any

from django.db import migrations, models


def mark_what_is_locked(apps: Any, schema_editor: Any) -> None:
    """Tasks of meetings that were locked before stand in their minutes; a new installation has no meetings yet."""
    if "meetings_meeting" in schema_editor.connection.introspection.table_names():
        schema_editor.execute(
            "UPDATE tasks_task SET recorded_at = locked_at FROM meetings_meeting"
            " WHERE meetings_meeting.id = origin_id AND locked_at IS NOT NULL"
        )


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_tasks")]

    operations = [
        migrations.AddField(model_name="task", name="recorded_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(mark_what_is_locked, migrations.RunPython.noop),
    ]
