"""How much of the machine one submission may use."""

from dataclasses import dataclass

MB = 1 << 20
GB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """What a box may use at most.

    The kernel holds `cpu`, `file_size`, `open_files` and `address_space` for each process, and
    `processes` for all together. It knows no bound on the memory of all processes together
    (without control groups, which an ordinary user can't count on): that is the watchdog's work.

    Attributes:
        memory: Bytes of memory, for each process and (by the watchdog) for all together.
        reserved: Bytes of address space above `memory`; libraries and unused reservations.
        cpu: Seconds of processor time of each process.
        processes: Processes and threads together; TensorFlow alone starts about 30.
        file_size: Bytes of one file.
        open_files: Files, pipes and sockets that one process holds open.
        disk: Bytes of each of the folders in which a box may write (they lie in memory).
        files: Files in those folders together; the kernel needs memory for empty ones as well (the
            watchdog holds this).
        sockets: Bytes of the folder of sockets, the one place outside that a box may write in.
        output: Bytes that may be printed; whoever reads the output holds this.
        wall: Seconds by the clock; whoever waits for the box holds this.
    """

    memory: int = 4 * GB
    reserved: int = 8 * GB
    cpu: int = 300
    processes: int = 256
    file_size: int = 64 * MB
    open_files: int = 1024
    disk: int = 64 * MB
    files: int = 20_000
    sockets: int = 16 * MB
    output: int = 10 * MB
    wall: int = 600

    def rlimits(self):
        """Return {name of a resource limit without RLIMIT_: value}, for the launcher."""
        return {
            "DATA": self.memory,
            "AS": self.memory + self.reserved,
            "CPU": self.cpu,
            "NPROC": self.processes,
            "FSIZE": self.file_size,
            "NOFILE": self.open_files,
            "CORE": 0,
            "MEMLOCK": 16 * MB,
        }
