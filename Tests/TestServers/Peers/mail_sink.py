"""A mail server that writes each mail as a line of JSON into a file: aiosmtpd.

    mail_sink.py RECORDS MODE [CERTIFICATE KEY] [option=value ...]

MODE is `none`, `starttls` or `tls`. Prints its port. Options: `user`, `password`: a login is required; `refuse=a@b,c@d`: recipients that
are refused; `code`: with this code; `content=451`: mails are refused with this code;
`pause`: for so many seconds after a mail nothing is said.
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

records, mode = sys.argv[1], sys.argv[2]
rest = sys.argv[3:]
options = dict(argument.split("=", 1) for argument in rest if "=" in argument)
files = [argument for argument in rest if "=" not in argument]


def parsed(content):
    """What a reader makes of a mail."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    parts = [part for part in mail.walk() if not part.is_multipart()]
    shown = [part for part in parts if part.get_filename() is None]
    return {
        "subject": str(mail["Subject"]), "from": str(mail["From"]), "to": str(mail["To"]), "id": str(mail["Message-ID"]),
        "references": str(mail["References"]), "date": str(mail["Date"]), "defects": [str(d) for d in mail.defects],
        "texts": [[part.get_content_type(), part.get_content()] for part in shown],
        "files": [[part.get_filename(), part.get_payload(decode=True).decode("latin-1")] for part in parts if part.get_filename()],
    }


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in options.get("refuse", "").split(","):
            return options.get("code", "550") + " no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with open(records, "a") as file:
            record = {
                "from": envelope.mail_from, "to": envelope.rcpt_tos, "content": envelope.content.decode("latin-1"),
                "mail": parsed(envelope.content), "encrypted": session.ssl is not None or mode == "tls", "login": bool(session.authenticated),
            }
            file.write(json.dumps(record) + "\n")
        await asyncio.sleep(float(options.get("pause", 0)))
        return options["content"] + " no" if "content" in options else "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    taken = data.login.decode() == options["user"] and data.password.decode() == options["password"]
    return AuthResult(success=taken, handled=False)


context = None
if files:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[0], files[1])
settings = {}
if "user" in options:
    settings = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": mode != "none" or False}
    if mode == "tls":
        settings["auth_require_tls"] = False


class Server(Controller):
    def factory(self):
        secure = {"tls_context": context, "require_starttls": True} if mode == "starttls" else {}
        return SMTP(self.handler, hostname="sink.test", **secure, **settings)

    def _trigger_server(self):
        # The controller's own way asks at the port that it was given, which is 0.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


server = Server(Handler(), hostname="127.0.0.1", port=0, ssl_context=context if mode == "tls" else None)
server.start()
print(server.port, flush=True)
while True:
    time.sleep(3600)
