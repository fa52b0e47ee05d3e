"""Password hashing with Argon2id at 19 MiB (OWASP): some 0.03 s, so that meeting day is no storm."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
