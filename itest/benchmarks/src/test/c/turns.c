// usage: turns CPU SLICE_MS COMMAND...: runs a command on one CPU in slices of its own length and without wake-up preemption
// (SCHED_BATCH), so that two such commands on one CPU take turns, each with a full batch of work. Linux 6.12 for the slice;
// older ones ignore it.
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct attributes { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; };

int main(int count, char **arguments) {
    if (count < 4) return 2;
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(atoi(arguments[1]), &cpus);
    struct attributes batch = {.size = sizeof batch, .policy = SCHED_BATCH, .runtime = (uint64_t)atol(arguments[2]) * 1000000};
    if (sched_setaffinity(0, sizeof cpus, &cpus)) perror("sched_setaffinity");
    if (syscall(SYS_sched_setattr, 0, &batch, 0)) perror("sched_setattr");
    execvp(arguments[3], arguments + 3);
    perror(arguments[3]);
    return 127;
}
