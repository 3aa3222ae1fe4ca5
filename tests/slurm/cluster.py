# SPDX-License-Identifier: Apache-2.0
"""A Slurm of two nodes on one machine, with a key, sockets, ports and folders of its own.

It needs root (slurmd starts tasks) and Debian's packages slurmctld, slurmd, slurm-client and munge;
it needs neither systemd nor control groups. A requeued task waits for cred_expire seconds, not for
the usual two minutes.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "munged", "runuser")

_CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
CryptoType=crypto/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MailProg=/bin/true
ReturnToService=2
MinJobAge=600
KillWait=10
SlurmctldPort={controller}
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdSpoolDir={folder}/spool-%n
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmdLogFile={folder}/slurmd-%n.log
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={n1} CPUs=1 RealMemory=1000 State=UNKNOWN
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={n2} CPUs=1 RealMemory=1000 State=UNKNOWN
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Why there can be no cluster, or an empty text."""
    if os.geteuid() != 0:
        return "Slurm's daemons need root"
    lacking = [name for name in PROGRAMS if shutil.which(name) is None]
    if lacking:
        return f"not installed: {', '.join(lacking)}"
    return ""


class Cluster:
    def __init__(self, folder: Path):
        self.folder = folder
        self._daemons: list[subprocess.Popen] = []
        for name in ("state", "spool-n1", "spool-n2", "munge"):
            (folder / name).mkdir(parents=True)
        ports = _free_ports(3)
        self.configuration = folder / "slurm.conf"
        self.configuration.write_text(
            _CONFIGURATION.format(
                host=socket.gethostname().split(".")[0], folder=folder,
                controller=ports[0], n1=ports[1], n2=ports[2],
            )
        )  # fmt: skip

    def __enter__(self) -> Cluster:
        try:
            self._start_munge()
            conf = ("-f", str(self.configuration))
            self._start("slurmctld", "-D", *conf)
            for node in ("n1", "n2"):
                self._start("slurmd", "-D", *conf, "-N", node)
            self.wait(lambda: self.run("sinfo", "-h", "-o", "%D %t").strip() == "2 idle")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for daemon in reversed(self._daemons):
            daemon.terminate()
        for daemon in self._daemons:
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"SLURM_CONF": str(self.configuration)}

    def run(self, *command: str | Path) -> str:
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout

    def states(self, job: str) -> dict[str, str]:
        """The state of each task of an array that has not ended, by its number."""
        lines = self.run("squeue", "-h", "-r", "-j", job, "-o", "%K %T").splitlines()
        return dict(line.split() for line in lines)

    def signal_batch(self, task: str, signal: str) -> None:
        """Signals a task's script. scancel asks again while the task is requeued: it is ended
        after its first try."""
        command = ("scancel", "--batch", f"--signal={signal}", task)
        with subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL) as scancel:
            try:
                scancel.wait(2)
            except subprocess.TimeoutExpired:
                scancel.terminate()

    def wait(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                logs = [f"{log}:\n{log.read_text()[-3000:]}" for log in self.folder.glob("*.log")]
                raise TimeoutError("\n".join(logs))
            time.sleep(0.1)

    def _start_munge(self) -> None:
        """Started by a user of its own, since munged refuses to trust folders of other users."""
        folder = self.folder / "munge"
        (folder / "key").write_bytes(secrets.token_bytes(128))
        (folder / "key").chmod(0o400)
        for path in (folder, folder / "key"):
            shutil.chown(path, "munge", "munge")
        folder.chmod(0o711)
        files = [f"--{what}-file={folder / what}" for what in ("key", "log", "pid", "seed")]
        self._start(
            "runuser", "-u", "munge", "--", "munged", "-F", f"--socket={folder / 'socket'}", *files
        )
        self.wait((folder / "socket").exists, 20)

    def _start(self, *command: str) -> None:
        with (self.folder / f"{command[0]}-{len(self._daemons)}.log").open("w") as log:
            self._daemons.append(
                subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
            )


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
