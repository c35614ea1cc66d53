"""Stands for Maven Central's page of deployments, as far as its Maven plugin asks it, for tools/release/publish-test.

    central.py DIR     writes its address to DIR/address, a line for each upload to DIR/uploads, and the last bundle to DIR/bundle.zip
"""

import base64
import email
import http.server
import json
import pathlib
import sys
import urllib.parse

FOLDER = pathlib.Path(sys.argv[1])
ID = "28570f16-da32-4c14-bd2e-c1acc0782365"


class Central(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        url = urllib.parse.urlsplit(self.path)
        asked = urllib.parse.parse_qs(url.query)
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if url.path == "/api/v1/publisher/upload":
            self.take(asked, body)
            self.answer(201, "text/plain", ID)
        elif url.path == "/api/v1/publisher/status" and asked.get("id") == [ID]:
            state = {"deploymentId": ID, "deploymentName": "Deployment", "deploymentState": "VALIDATED", "purls": [], "errors": {}}
            self.answer(200, "application/json", json.dumps(state))
        else:
            self.answer(404, "text/plain", "")

    def take(self, asked, body):
        message = email.message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body)
        bundle = next(part for part in message.get_payload() if part.get_param("name", header="content-disposition") == "bundle")
        (FOLDER / "bundle.zip").write_bytes(bundle.get_payload(decode=True))
        user = base64.b64decode(self.headers["Authorization"].split()[1]).decode()
        with (FOLDER / "uploads").open("a") as uploads:
            uploads.write(f"{asked['publishingType'][0]} {user}\n")

    def answer(self, status, kind, text):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


with http.server.HTTPServer(("127.0.0.1", 0), Central) as server:
    address = FOLDER / "address.new"
    address.write_text(f"http://127.0.0.1:{server.server_port}")
    address.rename(FOLDER / "address")
    server.serve_forever()
