package org.ikev2d.daemon.cli;

/** What {@code ikev2ctl help} prints. */
final class Help {
    static final String USAGE = "usage: ikev2ctl [--socket PATH] COMMAND; \"ikev2ctl help\" explains them";

    static final String TEXT = """
            ikev2ctl - see and steer ikev2d

            usage: ikev2ctl [--socket PATH] COMMAND

              status [--json]         every configured tunnel, up or not
              status TUNNEL [--json]  one tunnel, with a row for each CPU
              up TUNNEL               bring a tunnel up; ends when it is up or the attempt failed
              down TUNNEL             take a tunnel down, to stay down until "up"
              rekey TUNNEL            put others, with other keys, in the place of a tunnel's Child SAs; ends
                                      when that has begun
              rekey --ike TUNNEL      put another, with other keys, in the place of a tunnel's IKE SA; its Child
                                      SAs stay as they are
              reload                  have the daemon read its configuration file anew and follow it; where anything
                                      is wrong, all of it is told and nothing changed
              stop                    end the daemon: tell the peers, take SAs and policies out of the kernel
              stop --keep             end the daemon, leave SAs and policies to the one that is started next
              check FILE              read a configuration file as the daemon would; needs no daemon
              doctor [FILE] [--json]  look at this machine, with the tunnels of a configuration file
                                      (/etc/ikev2d/ikev2d.toml unless told), and say for each point: fine,
                                      or what to do; needs root and no daemon, changes nothing
              version                 of this program and of the daemon, and what the kernel can do
              help                    this text

              --socket PATH           where the daemon listens; /run/ikev2d/control.sock unless told
              --json                  one JSON object: with a tunnel's name that tunnel, else "daemon" and
                                      "tunnels"; times in seconds since the epoch, null for nothing;
                                      docs/control-protocol.md has the members

            In a status, CHILDREN is how many Child SAs are up of how many are expected: one that every CPU
            can use and one for each CPU. More than expected is no error: the peer may have more CPUs. A CPU
            whose kind is "missing" sends on the fallback until it has an SA of its own.

            Exit status: 0 done; 1 refused, failed, or the file has errors; 2 the command line is wrong;
            3 no daemon answers. Of doctor: 0 all is fine; 1 there is something to do; 2 there is not, but
            something could not be looked at.

            The daemon answers root, its own user, and the members of the socket's group (control_group in
            its configuration file).
            """;

    private Help() {}
}
