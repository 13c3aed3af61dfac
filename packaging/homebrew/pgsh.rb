# pgsh for Homebrew, to be kept in a tap. At a release url and sha256 become those of the tag's archive.
class Pgsh < Formula
  desc "PostgreSQL shell: psql's language and bytes, faster and kinder"
  homepage "https://github.com/pgsh/pgsh"
  url "https://github.com/pgsh/pgsh/archive/refs/tags/v0.2.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license any_of: ["MIT", "Apache-2.0"]
  head "https://github.com/pgsh/pgsh.git", branch: "main"

  depends_on "rust" => :build
  depends_on "postgresql@18" => :test

  def install
    system "cargo", "install", *std_cargo_args
    system "cargo", "run", "--locked", "--example", "packaging", "--", "generated"
    man1.install "generated/pgsh.1"
    bash_completion.install "generated/pgsh.bash" => "pgsh"
    zsh_completion.install "generated/_pgsh"
    fish_completion.install "generated/pgsh.fish"
    pkgshare.install "psqlrc.example"
  end

  def caveats
    <<~EOS
      A throwaway database to try it on:
        pgsh --scratch --scratch-install
      psql stays what it is. To have scripts that call psql get pgsh:
        pgsh --install-as-psql DIRECTORY
    EOS
  end

  test do
    ENV["PGSH_SERVER_BIN"] = Formula["postgresql@18"].opt_bin
    assert_match "compatible with psql 18", shell_output("#{bin}/pgsh --version")
    assert_equal "42\n", shell_output("#{bin}/pgsh --scratch -XqAtc 'select 6 * 7'")
  end
end
