package io.hioload.transport.iouring;

/** Numbers of linux/io_uring.h; the same on every architecture. The Linux release that brought each is behind it. */
final class Abi {

    static final int SYS_SETUP = 425;
    static final int SYS_ENTER = 426;
    static final int SYS_REGISTER = 427;

    static final int PARAMS_BYTES = 120;
    static final int SQE_BYTES = 64;
    static final int CQE_BYTES = 16;
    static final long OFFSET_SQES = 0x1000_0000L;

    static final int SETUP_SQPOLL = 1 << 1; // 5.1, for everybody 5.11
    static final int SETUP_SQ_AFF = 1 << 2;
    static final int SETUP_CQSIZE = 1 << 3; // 5.5
    static final int SETUP_CLAMP = 1 << 4; // 5.6
    static final int SETUP_SUBMIT_ALL = 1 << 7; // 5.18
    static final int SETUP_TASKRUN_FLAG = 1 << 9; // 5.19
    static final int SETUP_SINGLE_ISSUER = 1 << 12; // 6.0
    static final int SETUP_DEFER_TASKRUN = 1 << 13; // 6.1
    static final int SETUP_NO_SQARRAY = 1 << 16; // 6.6

    static final int ENTER_GETEVENTS = 1;
    static final int ENTER_SQ_WAKEUP = 1 << 1;
    static final int ENTER_SQ_WAIT = 1 << 2; // 5.10
    static final int ENTER_EXT_ARG = 1 << 3; // 5.11
    static final int ENTER_REGISTERED_RING = 1 << 4; // 5.18

    static final int SQ_NEED_WAKEUP = 1;
    static final int SQ_CQ_OVERFLOW = 1 << 1;
    static final int SQ_TASKRUN = 1 << 2;

    static final int REGISTER_PROBE = 8; // 5.6
    static final int REGISTER_RING_FDS = 20; // 5.18
    static final int UNREGISTER_RING_FDS = 21;
    static final int REGISTER_PBUF_RING = 22; // 5.19
    static final int UNREGISTER_PBUF_RING = 23;
    static final int REGISTER_NAPI = 27; // 6.9

    static final int PBUF_RING_INC = 2; // 6.12

    static final int OP_NOP = 0;
    static final int OP_POLL_ADD = 6;
    static final int OP_SENDMSG = 9;
    static final int OP_ACCEPT = 13;
    static final int OP_ASYNC_CANCEL = 14;
    static final int OP_SEND = 26;
    static final int OP_RECV = 27;
    static final int OP_SEND_ZC = 47; // 6.0
    static final int OP_SENDMSG_ZC = 48; // 6.1
    static final int PROBE_OP_SUPPORTED = 1;

    static final int SQE_BUFFER_SELECT = 1 << 5;
    static final int SQE_CQE_SKIP_SUCCESS = 1 << 6; // 5.17

    static final int ACCEPT_MULTISHOT = 1; // 5.19
    static final int RECV_MULTISHOT = 1 << 1; // 6.0
    static final int SEND_ZC_REPORT_USAGE = 1 << 3; // 6.2
    static final int POLL_ADD_MULTI = 1; // 5.13
    static final int CANCEL_ALL = 1;
    static final int CANCEL_ANY = 1 << 2; // 5.19

    static final int CQE_F_MORE = 1 << 1;
    static final int CQE_F_NOTIF = 1 << 3; // 6.0
    static final int CQE_F_BUF_MORE = 1 << 4; // 6.12
    static final int CQE_BUFFER_SHIFT = 16;
    static final int NOTIF_USAGE_COPIED = 1 << 31; // 6.2

    private Abi() {
    }
}
