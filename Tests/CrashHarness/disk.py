"""Disks that are full or may not be written: a clear error, nothing lost, and on it goes when there is room again."""
import os
import subprocess
import tempfile

from landing import land
from layers import Difference
from project import Project


class SmallDisk:
    """A file system of some kilobytes in memory, mounted on a folder."""

    def __init__(self, folder, kilobytes):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.mount("-t", "tmpfs", "-o", f"size={kilobytes}k", "none", folder)

    def resize(self, kilobytes):
        self.mount("-o", f"remount,size={kilobytes}k", self.folder)

    def seal(self):
        self.mount("-o", "remount,ro", self.folder)

    def unseal(self):
        self.mount("-o", "remount,rw", self.folder)

    def unmount(self):
        subprocess.run(["umount", "-l", self.folder], check=False)

    @staticmethod
    def mount(*arguments):
        subprocess.run(["mount", *arguments], check=True, capture_output=True)

    @staticmethod
    def is_possible():
        if os.geteuid() != 0:
            return False
        with tempfile.TemporaryDirectory() as folder:
            try:
                SmallDisk(folder, 64).unmount()
            except (OSError, subprocess.CalledProcessError):
                return False
        return True


def check_disks(harness):
    """Runs a project whose layers, or whose state, lie on a disk that is too small at first and grows while it fails."""
    if not SmallDisk.is_possible():
        print("full disks are not tried: mounting needs root", flush=True)
        return
    for part in ["data", "pipelines"]:
        check_full(harness, part)
        check_sealed(harness, part)


def check_full(harness, part):
    project = Project(harness.options.binary, f"{harness.folder}/project")
    land(project.landing, harness.landed)
    kilobytes, refusals = 16, 0
    disk = SmallDisk(f"{project.folder}/{part}", kilobytes)
    try:
        while status := project.run():
            expect(project, status, "[disk-full]", f"{part} on a disk of {kilobytes} KiB")
            refusals += 1
            harness.reference.check_whole_batches(project)
            kilobytes += max(16, kilobytes // 6)
            disk.resize(kilobytes)
        # Just enough for one run may be too little for the next one's journal.
        disk.resize(2 * kilobytes)
        harness.end(project, harness.replacements, is_quiet=False)
    finally:
        disk.unmount()
    if refusals < 3:
        raise Difference(f"{part}: a disk of 16 KiB was enough")
    print(f"{part} on a full disk: {refusals} times refused up to {kilobytes} KiB, nothing lost", flush=True)


def check_sealed(harness, part):
    """A disk that may not be written before the first batch, and between two of them."""
    for first in [0, len(harness.landed) // 2]:
        project = Project(harness.options.binary, f"{harness.folder}/project")
        land(project.landing, harness.landed[:first])
        disk = SmallDisk(f"{project.folder}/{part}", 1 << 20)
        try:
            if first and (status := project.run()):
                raise Difference(f"a run ended with {status}:\n{project.complaints()}")
            land(project.landing, harness.landed[first:])
            disk.seal()
            expect(project, project.run(), "[unwritable]", f"{part} on a disk that may not be written")
            harness.reference.check_whole_batches(project)
            disk.unseal()
            harness.end(project, harness.replacements, is_quiet=False)
        finally:
            disk.unmount()
    print(f"{part} on a disk that may not be written: nothing lost", flush=True)


def expect(project, status, code, what):
    complaints = project.take_complaints()
    if status != 3 or code not in complaints:
        raise Difference(f"{what}: exit status {status} where 3 and {code} were expected:\n{complaints}")
