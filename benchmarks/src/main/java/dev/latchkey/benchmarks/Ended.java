package dev.latchkey.benchmarks;

import dev.latchkey.benchmarks.Client.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The sessions whose end was acknowledged, of all users. */
final class Ended {

    private final List<Device> devices = new ArrayList<>();

    synchronized void add(Device device) {
        devices.add(device);
    }

    synchronized Optional<Device> any(Random random) {
        return devices.isEmpty() ? Optional.empty() : Optional.of(devices.get(random.nextInt(devices.size())));
    }

    synchronized List<Device> all() {
        return List.copyOf(devices);
    }
}
