"""Makes scans: PDFs whose pages are one JPEG each, real and as heavy as wished. `scans.py SOURCE.pdf FOLDER FILES PAGES BYTES`."""
import os, random, subprocess, sys, tempfile

def picture(source):
    """The first page of a PDF at 300 dpi as JPEG, in two: what comes before its first segment, and what comes after."""
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "page")
        subprocess.run(["pdftoppm", "-jpeg", "-r", "300", "-singlefile", source, page], check=True)
        with open(page + ".jpg", "rb") as file:
            data = file.read()
    return data[:2], data[2:]

def size_of(jpeg):
    """Width and height of a JPEG, from its frame header."""
    at = 0
    while at < len(jpeg):
        mark, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2:at + 4], "big")
        if 0xC0 <= mark <= 0xC2:
            return int.from_bytes(jpeg[at + 7:at + 9], "big"), int.from_bytes(jpeg[at + 5:at + 7], "big")
        at += 2 + length
    raise ValueError("no frame header")

def scan(name, seed, pages, weight, source):
    """A4 pages, each one picture of `weight` bytes: a real one, made heavy by comments of noise, so that no two are the same
    bytes and every tool can decode them."""
    noise = random.Random(seed)
    head, rest = picture(source)
    width, height = size_of(rest)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", None]
    kids = []
    for _ in range(pages):
        comment = 60_000
        comments = b"".join(b"\xff\xfe" + (comment + 2).to_bytes(2, "big") + noise.randbytes(comment)
                            for _ in range(max(0, weight - len(rest)) // (comment + 4)))
        data = head + comments + rest
        image, content, page = len(objects) + 1, len(objects) + 2, len(objects) + 3
        objects.append(b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB "
                       b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(data), data))
        drawing = b"q 595.276 0 0 841.89 0 0 cm /Im0 Do Q"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.276 841.89] /Contents %d 0 R "
                       b"/Resources << /XObject << /Im0 %d 0 R >> >> >>" % (content, image))
        kids.append(b"%d 0 R" % page)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(kids))
    with open(name, "wb") as file:
        file.write(b"%PDF-1.5\n")
        places = []
        for number, body in enumerate(objects, 1):
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
        file.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))

if __name__ == "__main__":
    source, folder, files, pages, weight = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    for i in range(files):
        scan(os.path.join(folder, f"专利证书{i + 1}.pdf"), i, pages, weight, source)
