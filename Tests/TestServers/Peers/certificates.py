"""Makes an authority and certificates of it, for servers of tests.

    certificates.py FOLDER

`ca.pem`; `good.pem`, `good.key` for localhost and 127.0.0.1; `other.pem`, `other.key` for another host; `own.pem`, `own.key` signed by
itself; `old.pem`, `old.key` expired.
"""
import datetime
import ipaddress
import os
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

folder = sys.argv[1]
now = datetime.datetime.now(datetime.timezone.utc)
day = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def write(file, data):
    with open(os.path.join(folder, file), "wb") as output:
        output.write(data)


def make(file, subject, issuer, issuer_key, names, ends, authority=False):
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - 30 * day).not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.sign(issuer_key or key, hashes.SHA256())
    write(file + ".pem", certificate.public_bytes(serialization.Encoding.PEM))
    write(file + ".key", key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return key


here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
root = make("ca", "Test Authority", "Test Authority", None, [], now + 30 * day, authority=True)
make("good", "localhost", "Test Authority", root, here, now + 30 * day)
make("other", "elsewhere.example", "Test Authority", root, [x509.DNSName("elsewhere.example")], now + 30 * day)
make("old", "localhost", "Test Authority", root, here, now - day)
make("own", "localhost", "localhost", None, here, now + 30 * day)
