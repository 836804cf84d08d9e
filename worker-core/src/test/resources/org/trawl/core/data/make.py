"""Writes the reference files of this folder with the programs that people write such files with.

Run with Debian's python3-numpy, python3-scipy, python3-sklearn and python3-pil (made with NumPy 1.24.2, SciPy 1.10.1,
scikit-learn 1.2.1, Pillow 9.4.0): python3 make.py, in this folder.

The value of sample n, row r, column c, channel k is (37 n + 11 r + 5 c + 3 k + 1) mod 256, its label n mod 3.
"""

import io
import os
import tarfile

import numpy as np
import scipy.io
import scipy.sparse
from PIL import Image
from sklearn.datasets import dump_svmlight_file

N, R, C, K = 6, 4, 5, 3


def value(n, r, c, k):
    return (37 * n + 11 * r + 5 * c + 3 * k + 1) % 256


pixels = np.fromfunction(value, (N, R, C, K), dtype=int).astype(np.uint8)
labels = np.arange(N) % 3
table = pixels[:, :, 0, 0].astype(np.float64) / 8 - 3  # samples x 4, negative ones too
words = np.array(["dog", "bird", "ñandú"])[labels]

# NumPy
np.save("pixels.npy", pixels)
np.save("pixels-fortran.npy", np.asfortranarray(pixels))
np.save("table-f8-big.npy", table.astype(">f8"))
np.save("table-f4-fortran.npy", np.asfortranarray(table.astype("f4")))
np.save("table-f2.npy", table.astype("f2"))
np.save("labels-i8.npy", labels)
np.save("labels-u1.npy", labels.astype("u1").reshape(-1, 1))
np.save("labels-f4.npy", labels.astype("f4"))
np.save("labels-words.npy", words)
np.save("labels-bytes.npy", np.array([b"dog", b"bird", b"emu"])[labels])
np.save("objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
arrays = dict(x_train=pixels[:4], y_train=labels[:4], x_test=pixels[4:], y_test=labels[4:])
np.savez("pixels.npz", **arrays)
np.savez_compressed("pixels-compressed.npz", **arrays)
np.savez_compressed("alone.npz", pixels)
np.savez_compressed("alone-labels.npz", labels)

# SciPy: as SVHN's, with 10 for the digit 0; other variables stand before
svhn = dict(
    note="a text",
    cells=np.array([1, "b"], dtype=object),
    X=np.transpose(pixels, (1, 2, 3, 0)),
    y=np.where(labels == 0, 10, labels).astype(np.uint8).reshape(-1, 1),
)
scipy.io.savemat("svhn.mat", svhn)
scipy.io.savemat("svhn-compressed.mat", svhn, do_compression=True)
scipy.io.savemat(
    "table.mat",
    dict(features=table, kinds=labels.astype(float).reshape(1, -1), complex=table * 1j, sparse=scipy.sparse.eye(3)),
    do_compression=True,
)
scipy.io.savemat("whole.mat", dict(X=np.array([[1.0, 2], [3, 4], [200, 300]]), y=np.array([[1.0], [2], [1]])))
scipy.io.savemat("version4.mat", dict(X=table, y=labels), format="4")

# scikit-learn: rows with zeros
sparse = np.where(table > 0, table, 0)
dump_svmlight_file(sparse, labels, "from-0.svm", zero_based=True, comment="made by dump_svmlight_file")
dump_svmlight_file(sparse, labels, "from-1.svm", zero_based=False)
dump_svmlight_file(sparse, labels, "queries.svm", zero_based=False, query_id=labels + 1)

# Pillow: a folder a class
for form, images in {
    "png-rgb": (pixels, "RGB", "png", {}),
    "bmp-rgb": (pixels, "RGB", "bmp", {}),
    "png-gray": (pixels[:, :, :, 0], "L", "png", {}),
    "bmp-gray": (pixels[:, :, :, 0], "L", "bmp", {}),
}.items():
    data, mode, ending, options = images
    for n in range(N):
        folder = os.path.join(form, str(labels[n]))
        os.makedirs(folder, exist_ok=True)
        Image.fromarray(data[n], mode).save(os.path.join(folder, "%d.%s" % (n, ending)), **options)

# Pillow's other kinds of PNG and JPEG, with the pixels that Pillow reads from them, in kinds.npz
os.makedirs("kinds", exist_ok=True)
rng = np.random.default_rng(1)
smooth = np.clip(np.add.outer(np.arange(24) * 6, np.arange(16) * 5), 0, 255).astype(np.uint8)
color = np.stack([smooth, 255 - smooth, smooth // 2], axis=2)
kinds = {
    "gray.jpg": (Image.fromarray(smooth), dict(quality=90)),
    "color.jpg": (Image.fromarray(color), dict(quality=90)),
    "progressive.jpg": (Image.fromarray(color), dict(quality=90, progressive=True, subsampling=0)),
    "palette.png": (Image.fromarray(color).quantize(64), {}),
    "gray-palette.png": (Image.fromarray(smooth).convert("P"), {}),
    "bilevel.png": (Image.fromarray(smooth > 90), {}),
    "transparent.png": (Image.fromarray(np.dstack([color, smooth])), {}),
    "gray16.png": (Image.fromarray((smooth.astype(np.uint16) << 8 | smooth)), {}),
}
expected = {}
for name, (image, options) in kinds.items():
    path = os.path.join("kinds", name)
    image.save(path, **options)
    read = Image.open(path)
    mode = {"P": "RGB", "1": "L"}.get(read.mode, read.mode)
    array = np.asarray(read.convert(mode) if mode != read.mode else read)
    if array.dtype != np.uint8:
        array = (array.astype(np.int64) // 257).astype(np.uint8)
    if name == "gray-palette.png":
        array = array[:, :, 0]
    expected[name.replace(".", "-")] = array
with open("kinds.txt", "w") as file:
    for name, array in expected.items():
        file.write("%s %s %s\n" % (name, "x".join(map(str, array.shape)), array.tobytes().hex()))

# a name longer than the header of tar has room for, as POSIX and as GNU write it
text = "".join("%s,%d\n" % (",".join(map(str, row)), label) for row, label in zip(table, labels)).encode()
for name, kind in {"long-pax.tar.gz": tarfile.PAX_FORMAT, "long-gnu.tar.gz": tarfile.GNU_FORMAT}.items():
    with tarfile.open(name, "w:gz", format=kind) as archive:
        for path, content in {"README": b"x", "l" * 120 + "/ñ.csv": text}.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))

# CIFAR's records, as its page describes them: planes of 32x32; labels n mod 10, or n mod 20 and n mod 100
def plane_record(n):
    image = np.fromfunction(lambda k, r, c: value(n, r, c, k), (3, 32, 32), dtype=int).astype(np.uint8)
    return image.tobytes()


def packed(files, name):
    with tarfile.open(name, "w:gz", compresslevel=9) as archive:
        for path, content in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


ten = {
    "cifar-10-batches-bin/batches.meta.txt": b"airplane\n",
    "cifar-10-batches-bin/data_batch_1.bin": b"".join(bytes([n % 10]) + plane_record(n) for n in range(7)),
    "cifar-10-batches-bin/data_batch_2.bin": b"".join(bytes([n % 10]) + plane_record(n) for n in range(7, 12)),
    "cifar-10-batches-bin/test_batch.bin": b"".join(bytes([n % 10]) + plane_record(n) for n in range(12, 16)),
}
packed(ten, "cifar-10-binary.tar.gz")
hundred = {
    "cifar-100-binary/train.bin": b"".join(bytes([n % 20, n % 100]) + plane_record(n) for n in range(4)),
    "cifar-100-binary/test.bin": b"".join(bytes([n % 20, n % 100]) + plane_record(n) for n in range(4, 6)),
}
packed(hundred, "cifar-100-binary.tar.gz")
