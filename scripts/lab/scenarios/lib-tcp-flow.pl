#!/usr/bin/perl
# A long-lived TCP connection that sends little. Usage: lib-tcp-flow.pl serve ADDRESS PORT | send ADDRESS PORT FILE
# The sender writes the number of echoes it has had to FILE; a connection that ends, or an echo that does not come
# within five seconds, ends it with status 1.
use strict;
use warnings;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use IO::Socket::IP;

my ($role, $address, $port, $file) = @ARGV;
my $size = 64;

sub read_message {
  my ($socket) = @_;
  my $message = "";
  while (length($message) < $size) {
    my $n = sysread($socket, $message, $size - length($message), length($message));
    return undef unless $n;
  }
  return $message;
}

if ($role eq "serve") {
  my $server = IO::Socket::IP->new(LocalHost => $address, LocalPort => $port, Listen => 1, ReuseAddr => 1)
    or die "listen: $@";
  my $socket = $server->accept or die "accept: $!";
  $socket->setsockopt(IPPROTO_TCP, TCP_NODELAY, 1);
  while (defined(my $message = read_message($socket))) { syswrite($socket, $message) }
  exit 0;
}

my $socket;
for (1 .. 50) {
  $socket = IO::Socket::IP->new(PeerHost => $address, PeerPort => $port) and last;
  select(undef, undef, undef, 0.2);
}
die "connect: $@" unless $socket;
$socket->setsockopt(IPPROTO_TCP, TCP_NODELAY, 1);
my $count = 0;
while (1) {
  syswrite($socket, "x" x $size);
  alarm 5;
  defined(read_message($socket)) or exit 1;
  alarm 0;
  $count++;
  open(my $out, ">", "$file.new") or die "$file: $!";
  print $out "$count\n";
  close $out;
  rename "$file.new", $file;
  select(undef, undef, undef, 0.05);
}
