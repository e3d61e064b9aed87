package io.hioload.transport.nio;

import io.hioload.transport.Status;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;

/** What exceptions of the JDK mean. The JDK tells most errors apart by nothing but the system's text. */
final class IoErrors {

    private IoErrors() {
    }

    /**
     * The status for a failed read or write on a connection.
     *
     * @param e what was thrown
     * @return a negative status
     */
    static int ofStream(IOException e) {
        int status = byText(e);
        // Texts differ from system to system; a stream that breaks was nearly always reset.
        return status == Status.OS_ERROR ? Status.RESET : status;
    }

    /**
     * The status for a failed open, bind, listen, accept or connect.
     *
     * @param e what was thrown
     * @return a negative status
     */
    static int ofSetup(Exception e) {
        return switch (e) {
            case NoRouteToHostException x -> Status.UNREACHABLE;
            case UnresolvedAddressException x -> Status.UNREACHABLE;
            case UnsupportedAddressTypeException x -> Status.NOT_SUPPORTED;
            case BindException x when byText(x) == Status.OS_ERROR -> Status.ADDRESS_IN_USE;
            case ConnectException x when byText(x) == Status.OS_ERROR -> Status.REFUSED;
            case SocketException x when byText(x) == Status.RESET -> Status.REFUSED;
            default -> byText(e);
        };
    }

    /**
     * Whether a failed accept lost only the one connection, accept(2): then the next can be accepted at once. What is unknown
     * does not count as that, for the selector might report it without a pause.
     *
     * @param e what accept threw
     * @return false if it is better to wait
     */
    static boolean isOfOneConnection(IOException e) {
        return e instanceof ProtocolException || e instanceof NoRouteToHostException || switch (byText(e)) {
            case Status.RESET, Status.UNREACHABLE, Status.NOT_PERMITTED -> true;
            default -> false;
        };
    }

    private static int byText(Exception e) {
        String text = e.getMessage() == null ? "" : e.getMessage().toLowerCase(Locale.ROOT);
        if (text.contains("refused")) {
            return Status.REFUSED;
        }
        if (text.contains("timed out")) {
            return Status.TIMED_OUT;
        }
        if (text.contains("reset") || text.contains("broken pipe") || text.contains("aborted")) {
            return Status.RESET;
        }
        if (text.contains("unreachable") || text.contains("no route") || text.contains("network is down")) {
            return Status.UNREACHABLE;
        }
        if (text.contains("in use")) {
            return Status.ADDRESS_IN_USE;
        }
        if (text.contains("assign requested address")) {
            return Status.ADDRESS_NOT_AVAILABLE;
        }
        if (text.contains("permission") || text.contains("not permitted")) {
            return Status.NOT_PERMITTED;
        }
        if (text.contains("too many open files") || text.contains("no buffer space") || text.contains("cannot allocate")) {
            return Status.NO_RESOURCES;
        }
        return Status.OS_ERROR;
    }
}
