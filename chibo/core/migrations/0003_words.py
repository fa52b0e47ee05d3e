"""The words of a folded text, for indexes of what is searched."""

from django.db import migrations

# The SQL twin of core.names.words_in, of a text that is folded already. No parser of PostgreSQL is asked: it would make one
# word of "12/2026" and leave words out.
WORDS = r"""
CREATE FUNCTION chibo_words(folded text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(ARRAY(
    SELECT DISTINCT left(word, 100) FROM regexp_split_to_table(folded, '[^[:alnum:]]+') AS word WHERE word <> ''));
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_what_was_kept_is_sent_once")]

    operations = [migrations.RunSQL(WORDS, "DROP FUNCTION chibo_words(text)")]
