#!/usr/bin/perl
# A file over one TCP connection. Usage: lib-transfer.pl receive ADDRESS PORT FILE | send ADDRESS PORT FILE
# The receiver writes FILE.listening once it listens, and ends when the sender has closed.
use strict;
use warnings;
use IO::Socket::IP;

my ($role, $address, $port, $file) = @ARGV;
my ($from, $to);
if ($role eq "receive") {
  my $server = IO::Socket::IP->new(LocalHost => $address, LocalPort => $port, Listen => 1, ReuseAddr => 1)
    or die "listen: $@";
  open(my $mark, ">", "$file.listening") or die "$file.listening: $!";
  $from = $server->accept or die "accept: $!";
  open($to, ">", $file) or die "$file: $!";
} else {
  open($from, "<", $file) or die "$file: $!";
  $to = IO::Socket::IP->new(PeerHost => $address, PeerPort => $port, Timeout => 10) or die "connect: $@";
}
while (1) {
  my $n = sysread($from, my $octets, 65536);
  die "read: $!" unless defined $n;
  last unless $n;
  for (my $at = 0; $at < $n;) {
    my $m = syswrite($to, $octets, $n - $at, $at);
    die "write: $!" unless defined $m;
    $at += $m;
  }
}
