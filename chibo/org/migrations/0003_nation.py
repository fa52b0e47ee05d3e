from django.db import migrations

NATION = """
INSERT INTO org_kind (code, name_vi, name_en, rank, holds_meetings, has_members, during) VALUES
    ('nation', 'Trung ương', 'Nation', 5, false, false, '(,)');
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0002_succession_and_past")]

    operations = [migrations.RunSQL(NATION, "DELETE FROM org_kind WHERE code = 'nation'")]
