"""What a client refuses, with one of the codes of section 12 of the client specification."""


class Refusal(Exception):
    def __init__(self, code, detail=""):
        super().__init__(f"{code} {detail}".strip())
        self.code = code


def require(holds, code, detail=""):
    if not holds:
        raise Refusal(code, detail)
