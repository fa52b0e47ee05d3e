from django.db import migrations, models

AS_THE_REGISTER_SAYS = """
UPDATE meetings_attendance a SET belonged_as = CASE WHEN p.unit_id = m.unit_id THEN p.status ELSE 'guest' END
FROM meetings_meeting m, people_membership p WHERE m.id = a.meeting_id AND p.id = a.membership_id"""


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0003_preparatory_meetings_have_versions"),
        ("people", "0004_transfers_endings_and_terms"),
    ]

    operations = [
        migrations.AddField(
            model_name="attendance",
            name="belonged_as",
            field=models.CharField(default="", max_length=20),
            preserve_default=False,
        ),
        migrations.RunSQL(AS_THE_REGISTER_SAYS, migrations.RunSQL.noop),
    ]
