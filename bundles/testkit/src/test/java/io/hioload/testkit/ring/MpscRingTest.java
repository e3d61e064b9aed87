package io.hioload.testkit.ring;

import io.hioload.concurrent.Ring;
import io.hioload.concurrent.Rings;

class MpscRingTest extends RingTestKit {

    @Override
    protected <E> Ring<E> ring(int capacitySlots) {
        return Rings.mpsc(capacitySlots);
    }

    @Override
    protected int producers() {
        return 3;
    }

    @Override
    protected int consumers() {
        return 1;
    }
}
