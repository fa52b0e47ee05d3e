"""The named cast and its builders: who the tests are about."""
