package io.hioload.bench.compare;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one round found for one server.
 *
 * @param round               from 0
 * @param json                of the generator
 * @param foreignOnServerCpu  share of the server's CPU that others took
 * @param foreignOnOtherCpu   share of the generator's CPU that others took
 */
record Sample(int round, String json, double foreignOnServerCpu, double foreignOnOtherCpu) {

    double get(String name) {
        Matcher number = Pattern.compile("\"" + Pattern.quote(name) + "\":(-?[\\d.]+)").matcher(json);
        if (!number.find()) {
            throw new IllegalArgumentException(name + " is not in " + json);
        }
        return Double.parseDouble(number.group(1));
    }

    double serverCpuUs() {
        return get("server_cpu_us");
    }

    /** Whatever slows the machine slows both. */
    double serverToGenerator() {
        return serverCpuUs() / get("generator_cpu_us");
    }

    boolean isGood() {
        return get("errors") == 0 && get("messages") > 0;
    }
}
