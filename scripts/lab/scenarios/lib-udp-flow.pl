#!/usr/bin/perl
# Numbered UDP packets at a steady rate.
# Usage: lib-udp-flow.pl take ADDRESS PORT FILE | send ADDRESS PORT RATE FILE [SIZE...]
# Each SIZE is in octets, 4 at least; packets take them by turns (64). The sender has two sockets and takes them by turns:
# packets of even numbers find their route each time, those of odd numbers go over a connected socket, which keeps the
# route, and with it the SA, that it found. On SIGTERM the sender writes a line for each packet, "NUMBER SECONDS" since the
# epoch, and the taker the numbers that came; that the taker's file is there, though empty, says that it listens.
use strict;
use warnings;
use Socket;

my ($role, $address, $port, @rest) = @ARGV;
my $to = sockaddr_in($port, inet_aton($address));
my $end = 0;
$SIG{TERM} = sub { $end = 1 };

# Seconds since the epoch, with their fraction. The guest has no more of Perl than its base: clock_gettime(CLOCK_REALTIME).
sub now {
  my $timespec = pack("qq", 0, 0);
  syscall(228, 0, $timespec) == 0 or die "clock_gettime: $!";
  my ($seconds, $nanoseconds) = unpack("qq", $timespec);
  return $seconds + $nanoseconds / 1e9;
}
sub udp {
  socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
  return $socket;
}
sub write_lines {
  my ($file, $lines) = @_;
  open(my $out, ">", "$file.new") or die "$file: $!";
  print $out $lines;
  close $out;
  rename("$file.new", $file) or die "$file: $!";
}

if ($role eq "take") {
  my ($file) = @rest;
  my $socket = udp();
  # SO_RCVBUFFORCE: whoever empties it may have to wait for a CPU.
  setsockopt($socket, SOL_SOCKET, 33, pack("i", 16 << 20)) or die "SO_RCVBUFFORCE: $!";
  setsockopt($socket, SOL_SOCKET, SO_RCVTIMEO, pack("qq", 0, 200_000)) or die "SO_RCVTIMEO: $!";
  bind($socket, $to) or die "bind: $!";
  write_lines($file, "");
  my @came;
  until ($end) {
    my $buffer;
    defined(recv($socket, $buffer, 64, 0)) or next;
    push @came, unpack("N", $buffer) if length($buffer) >= 4;
  }
  write_lines($file, join("", map { "$_\n" } @came));
  exit 0;
}

my ($rate, $file, @sizes) = @rest;
@sizes = (64) unless @sizes;
my ($fresh, $connected) = (udp(), udp());
connect($connected, $to) or die "connect: $!";
my @times;
my $next = now();
until ($end) {
  my $now = now();
  if ($now < $next) {
    select(undef, undef, undef, $next - $now);
    next;
  }
  # Who comes too late for more than a few packets leaves them out: a burst would measure buffers.
  $next = $now if $now - $next > 5 / $rate;
  $next += 1 / $rate;
  my $packet = pack("N", scalar @times) . "x" x ($sizes[int(@times / 2) % @sizes] - 4);
  push @times, $now;
  # A refusal of the kernel is a packet that does not arrive.
  @times % 2 ? send($fresh, $packet, 0, $to) : send($connected, $packet, 0);
}
my $text = "";
$text .= sprintf("%d %.6f\n", $_, $times[$_]) for 0 .. $#times;
write_lines($file, $text);
