"""Two well-known trees for Django, beside which `make bench` measures ours."""
