# Functions of gates: what a gate says when it fails.

fail() { # container, what happened
  {
    printf '%s: %s. ' "$1" "$2"
    {
      ask inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$1" || true
      echo "--- log ---"
      within 20 docker logs --tail 500 "$1" </dev/null 2>&1 || true
    } | complaint
    [ -z "$way_back" ] || echo "$way_back"
  } >&2
  exit 1
}

# What a tenant's gate says at the end of every failure. A host's own gate has nothing to go back to.
way_back=
offer_way_back() {
  way_back='If an edit did this, the way back: write the release or images of before, then pulumi up (docs/operate.md, An upgrade that failed). If not, mend the cause, then pulumi up.'
}

# The log's errors, each once, then its last lines: the cause often stands far above the end. Reads the container's
# environment first, and repeats none of its secrets: what looks random there, passwords in URIs, what is called a secret.
# Random values that come from elsewhere (tokens, cookies) go as well.
complaint() {
  awk '
    function learn(value) { if (length(value) >= 4 && !(value in known)) { known[value]; secrets[++count] = value } }
    function random(word) {
      if (length(word) >= 32 && word ~ /^[0-9a-fA-F]+$/ && word ~ /[0-9]/ && word ~ /[a-fA-F]/) return 1
      return length(word) >= 24 && word ~ /[0-9]/ && word ~ /[a-z]/ && word ~ /[A-Z]/
    }
    function decoded(text,    result, at, hex) {
      while ((at = match(text, /%[0-9a-fA-F][0-9a-fA-F]/)) > 0) {
        hex = tolower(substr(text, at + 1, 2))
        result = result substr(text, 1, at - 1) sprintf("%c", digit(substr(hex, 1, 1)) * 16 + digit(substr(hex, 2, 1)))
        text = substr(text, at + 3)
      }
      return result text
    }
    function digit(character) { return index("0123456789abcdef", character) - 1 }
    function without(text, secret,    result, at) {
      while ((at = index(text, secret)) > 0) {
        result = result substr(text, 1, at - 1) "***"
        text = substr(text, at + length(secret))
      }
      return result text
    }
    function clean(text,    result, word, before, at) {
      for (at = 1; at <= count; at++) if (index(text, secrets[at])) text = without(text, secrets[at])
      gsub(/:\/\/[^\/"?# \t]*:[^@"\/ \t]*@/, "://***@", text)
      gsub(/"stack_trace":"([^"\\]|\\.)*",?/, "", text)
      while (match(text, /[A-Za-z0-9_-]+/) > 0) {
        before = result substr(text, 1, RSTART - 1)
        word = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        result = before (random(word) && before !~ /sha256:$/ ? "***" : word)
      }
      result = result text
      return length(result) > 600 ? substr(result, 1, 600) " ..." : result
    }
    function grave(text) {
      text = tolower(text)
      if (text ~ /level"?[:=] ?"?(trace|debug|info)/) return 0
      return text ~ /(^|[^a-z_])[a-z]*(error|fatal|panic)"?([]:= ,]|$)/
    }
    BEGIN { errors = lines = count = 0 }
    !isLog && $0 == "--- log ---" { isLog = 1; next }
    !isLog {
      name = value = $0
      sub(/=.*/, "", name)
      sub(/^[^=]*=/, "", value)
      if (name ~ /PASSWORD|SECRET|TOKEN|_KEY|SALT/) learn(value)
      if (value ~ /^[A-Za-z0-9+.-]+:\/\/[^:]*:.*@/) {
        password = value
        sub(/^[^:]*:\/\/[^:]*:/, "", password)
        sub(/@[^@]*$/, "", password)
        learn(password)
        learn(decoded(password))
      }
      while (match(value, /[A-Za-z0-9_+\/=-]+/) > 0) {
        word = substr(value, RSTART, RLENGTH)
        if (random(word)) learn(word)
        value = substr(value, RSTART + RLENGTH)
      }
      next
    }
    {
      shown = clean($0)
      last[lines++ % 15] = shown
      kind = shown
      gsub(/[0-9]+/, "", kind)
      if (!grave(shown)) next
      if (kind in times) { times[kind]++; next }
      times[kind] = 1
      if (errors < 10) { kinds[errors] = kind; texts[errors++] = shown }
    }
    END {
      if (errors > 0) print "Errors in its log:"
      for (at = 0; at < errors; at++) print texts[at] (times[kinds[at]] > 1 ? " (" times[kinds[at]] " times)" : "")
      print "Its last log lines:"
      for (at = lines > 15 ? lines - 15 : 0; at < lines; at++) print last[at % 15]
    }
  '
}
