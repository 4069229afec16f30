// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parse feeds the coroutine reader and one code generator a level; each module then goes through the pipeline that
// clang itself would run, up to but without the emission of machine code.
#include "frontend/compile.h"

#include "frontend/call_reader.h"
#include "frontend/coroutine_finder.h"
#include "frontend/coroutine_reader.h"
#include "frontend/diagnostics.h"
#include "frontend/invocation.h"
#include "frontend/level_macros.h"
#include "frontend/names.h"
#include "frontend/tokens.h"
#include "model/displayed_path.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/Basic/Stack.h>
#include <clang/Basic/TargetInfo.h>
#include <clang/Basic/Version.h>
#include <clang/CodeGen/BackendUtil.h>
#include <clang/CodeGen/ModuleBuilder.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendActions.h>
#include <clang/Frontend/MultiplexConsumer.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/PrettyStackTrace.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/thread.h>

#include <algorithm>
#include <utility>

namespace coroscope::frontend {
namespace {

/// Code generation of one level; members in the order in which they must outlive each other.
struct level_state {
  const level_request *request = nullptr;
  clang::CodeGenOptions options;
  llvm::LLVMContext context;
  clang::CodeGenerator *generator = nullptr; ///< owned by the consumer
};

using level_states = std::vector<std::unique_ptr<level_state>>;
using identity_set = std::set<std::string, std::less<>>;

/// Names by which coroutines are found again in another parse of the same source: before code is generated, all lambdas
/// of a function may have one symbol, and those that one macro makes one place as well.
class identifier {
public:
  std::string operator()(const coroutine &coroutine) {
    const position &begin = coroutine.where.begin;
    std::string name = coroutine.mangled + "@" + std::to_string(begin.line) + ":" + std::to_string(begin.column);
    return name + "#" + std::to_string(seen_[name]++);
  }

private:
  std::map<std::string, unsigned> seen_;
};

/// The declarations behind the facts, by which code generation tells its symbols.
struct read_declarations {
  std::vector<const clang::FunctionDecl *> coroutines;                            ///< of facts.coroutines
  std::vector<std::pair<const clang::Decl *, const clang::FunctionDecl *>> calls; ///< caller, callee of facts.calls
};

/// Reads the tree at its end, before the code generators see that end.
class fact_consumer : public clang::ASTConsumer {
public:
  fact_consumer(level_states &levels, const compile_options &options, const identity_set &forced, place_reader &places,
                source_facts &facts, read_declarations &read)
      : levels_(levels), options_(options), forced_(forced), places_(places), facts_(facts), read_(read) {}

  void HandleTranslationUnit(clang::ASTContext &context) override {
    if (context.getDiagnostics().hasErrorOccurred())
      return;
    const found_coroutines found = find_coroutines(context, options_.system_headers);
    read_.coroutines = found.definitions;
    identifier identity;
    for (const clang::FunctionDecl *function : read_.coroutines) {
      facts_.coroutines.push_back(read_coroutine(*function, context, places_));
      const bool is_forced = forced_.contains(identity(facts_.coroutines.back().value));
      if (is_forced || is_left_out(*function, context))
        generate_all_the_same(*function, context);
    }
    read_calls_result calls = read_calls(found.functions, read_.coroutines, context, places_);
    for (read_call &call : calls.calls) {
      read_.calls.emplace_back(call.caller, call.callee);
      facts_.calls.push_back(std::move(call.value));
    }
    facts_.guards = std::move(calls.guards);
    for (const clang::FunctionDecl *pattern : found.uninstantiated)
      facts_.unit.notes.push_back("the coroutine template " + function_text(*pattern, context) + " (line " +
                                  std::to_string(places_.presumed(pattern->getLocation()).line) +
                                  ") is instantiated nowhere in this file, so it has no frame");
  }

private:
  void generate_all_the_same(const clang::FunctionDecl &function, clang::ASTContext &context) {
    auto &changed = const_cast<clang::FunctionDecl &>(function);
    changed.addAttr(clang::UsedAttr::CreateImplicit(context));
    for (const auto &level : levels_)
      level->generator->HandleTopLevelDecl(clang::DeclGroupRef(&changed));
    facts_.unit.notes.push_back(
        facts_.coroutines.back().value.name +
        " is used by nothing that a build of this file keeps: it would be left out, and is lowered here as if it were "
        "used");
  }

  level_states &levels_;
  const compile_options &options_;
  const identity_set &forced_;
  place_reader &places_;
  source_facts &facts_;
  read_declarations &read_;
};

class compile_action : public clang::ASTFrontendAction {
public:
  /// `forced` are the coroutines to generate code for although nothing asks for it.
  compile_action(level_states &levels, const compile_options &options, const identity_set &forced, bool levels_agree,
                 diagnostic_collector &collector, source_facts &facts)
      : levels_(levels), options_(options), forced_(forced), levels_agree_(levels_agree), collector_(collector),
        facts_(facts) {}

  /// Set where the source asks for the level and several levels were to share the parse: nothing was lowered.
  [[nodiscard]] const std::optional<level_question> &question() const { return question_; }

  /// The coroutines that no level generated code for. Where there are any and none was forced, nothing was lowered.
  [[nodiscard]] const identity_set &missing() const { return missing_; }

protected:
  bool BeginSourceFileAction(clang::CompilerInstance &instance) override {
    places_.emplace(instance.getSourceManager(), instance.getLangOpts());
    collector_.use(&*places_);
    if (!levels_agree_)
      watch_level_macros(instance.getPreprocessor(), question_);
    return true;
  }

  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &instance,
                                                        llvm::StringRef file) override {
    std::vector<std::unique_ptr<clang::ASTConsumer>> consumers;
    consumers.push_back(std::make_unique<fact_consumer>(levels_, options_, forced_, *places_, facts_, read_));
    for (const auto &level : levels_) {
      std::unique_ptr<clang::CodeGenerator> generator = clang::CreateLLVMCodeGen(
          instance.getDiagnostics(), file, instance.getVirtualFileSystemPtr(), instance.getHeaderSearchOpts(),
          instance.getPreprocessorOpts(), level->options, level->context);
      level->generator = generator.get();
      consumers.push_back(std::move(generator));
    }
    return std::make_unique<clang::MultiplexConsumer>(std::move(consumers));
  }

  void EndSourceFileAction() override {
    clang::CompilerInstance &instance = getCompilerInstance();
    facts_.compiled = !instance.getDiagnostics().hasErrorOccurred();
    facts_.unit.triple = instance.getTarget().getTriple().str();
    if (facts_.compiled && !question_) {
      lower_all(instance);
      read_functions(instance);
      // The optimiser may complain as well, about inline assembly for one.
      facts_.compiled = !instance.getDiagnostics().hasErrorOccurred();
    }
    read_files(instance);
    collector_.use(nullptr);
  }

private:
  void lower_all(clang::CompilerInstance &instance) {
    std::vector<std::unique_ptr<llvm::Module>> modules;
    for (const auto &level : levels_) {
      modules.emplace_back(level->generator->ReleaseModule());
      if (modules.back())
        find_symbols(*level, *modules.back());
    }
    identifier identity;
    for (const coroutine_facts &coroutine : facts_.coroutines)
      if (std::string name = identity(coroutine.value); coroutine.symbols.empty() && is_wanted(coroutine.value))
        missing_.insert(std::move(name));
    if (!missing_.empty() && forced_.empty())
      return;
    if (std::ranges::none_of(facts_.coroutines, [&](const coroutine_facts &each) { return is_wanted(each.value); }))
      return;
    for (std::size_t i = 0; i < modules.size(); ++i)
      if (modules[i])
        lower(instance, *levels_[i], std::move(modules[i]));
  }

  /// Functions that were inlined, whose temporaries became the coroutine's.
  void read_functions(clang::CompilerInstance &instance) {
    for (const std::string &symbol : options_.functions ? options_.functions() : std::set<std::string>())
      for (const auto &level : levels_) {
        const clang::Decl *declaration = level->generator->GetDeclForMangledName(symbol);
        const auto *function = llvm::dyn_cast_if_present<clang::FunctionDecl>(declaration);
        if (function && function->hasBody(function)) {
          facts_.functions[symbol] = read_body(*function, instance.getASTContext());
          break;
        }
      }
  }

  [[nodiscard]] bool is_wanted(const coroutine &coroutine) const {
    return !options_.wanted || options_.wanted(coroutine);
  }

  static void lower(clang::CompilerInstance &instance, level_state &level, std::unique_ptr<llvm::Module> module) {
    level.options.PassBuilderCallbacks.push_back(level.request->attach);
    clang::emitBackendOutput(instance, level.options, instance.getTarget().getDataLayoutString(), module.get(),
                             clang::Backend_EmitNothing, instance.getVirtualFileSystemPtr(), nullptr);
    if (level.request->take_assembly && level.request->before_code(*module))
      level.request->take_assembly(assembly_of(instance, level, *module));
  }

  static std::string assembly_of(clang::CompilerInstance &instance, const level_state &level, llvm::Module &module) {
    clang::CodeGenOptions options = level.options;
    options.DisableLLVMPasses = true; // the module went through them
    options.PassBuilderCallbacks.clear();
    options.StackSizeSection = true;
    options.AsmVerbose = false;
    llvm::SmallString<0> text;
    // Clang takes the target's options from the instance.
    const clang::CodeGenOptions outer = std::exchange(instance.getCodeGenOpts(), options);
    clang::emitBackendOutput(instance, options, instance.getTarget().getDataLayoutString(), &module,
                             clang::Backend_EmitAssembly, instance.getVirtualFileSystemPtr(),
                             std::make_unique<llvm::raw_svector_ostream>(text));
    instance.getCodeGenOpts() = outer;
    return text.str().str();
  }

  /// A lambda's symbol is made when code is generated, so it is asked for, not computed.
  void find_symbols(level_state &level, const llvm::Module &module) {
    std::map<const clang::Decl *, std::set<std::string>> symbols;
    for (std::size_t i = 0; i < read_.coroutines.size(); ++i)
      symbols[read_.coroutines[i]->getCanonicalDecl()];
    for (const auto &[caller, callee] : read_.calls)
      for (const clang::Decl *end : {caller, static_cast<const clang::Decl *>(callee)})
        if (end)
          symbols[end->getCanonicalDecl()];
    for (const llvm::Function &function : module)
      if (const clang::Decl *declaration = level.generator->GetDeclForMangledName(function.getName()))
        if (const auto wanted = symbols.find(declaration->getCanonicalDecl()); wanted != symbols.end())
          wanted->second.insert(function.getName().str());
    const auto symbols_of = [&](const clang::Decl *declaration) {
      return declaration ? symbols.at(declaration->getCanonicalDecl()) : std::set<std::string>();
    };
    const std::string &name = level.request->level;
    for (std::size_t i = 0; i < read_.coroutines.size(); ++i)
      for (const std::string &symbol : symbols_of(read_.coroutines[i]))
        if (module.getFunction(symbol)->isPresplitCoroutine())
          facts_.coroutines[i].symbols[name] = symbol;
    for (std::size_t i = 0; i < read_.calls.size(); ++i) {
      facts_.calls[i].caller_symbols[name] = symbols_of(read_.calls[i].first);
      facts_.calls[i].callee_symbols[name] = symbols_of(read_.calls[i].second);
    }
  }

  void read_files(clang::CompilerInstance &instance) {
    places_->file_of(instance.getSourceManager().getLocForStartOfFile(instance.getSourceManager().getMainFileID()));
    facts_.files = places_->files(options_.with_sources);
    if (!options_.with_sources || !instance.hasASTContext())
      return;
    const std::set<std::string, std::less<>> types = type_names(instance.getASTContext());
    for (std::size_t i = 0; i < facts_.files.size(); ++i)
      facts_.files[i].tokens =
          read_tokens(places_->clang_files()[i], instance.getSourceManager(), instance.getLangOpts(), types);
  }

  level_states &levels_;
  const compile_options &options_;
  const identity_set &forced_;
  bool levels_agree_;
  diagnostic_collector &collector_;
  source_facts &facts_;
  std::optional<place_reader> places_;
  std::optional<level_question> question_;
  identity_set missing_;
  read_declarations read_;
};

struct prepared_level {
  const level_request *request;
  std::shared_ptr<clang::CompilerInvocation> invocation;
};

void initialize_targets() {
  static const bool once = [] {
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    // The syntax of the vendors' manuals; elsewhere there is but one.
    if (const auto syntax = llvm::cl::getRegisteredOptions().find("x86-asm-syntax");
        syntax != llvm::cl::getRegisteredOptions().end())
      syntax->second->addOccurrence(1, "x86-asm-syntax", "intel");
    return true;
  }();
  (void)once;
}

void add_diagnostics(const diagnostic_collector &collector, source_facts &facts) {
  const std::vector<diagnostic> &found = collector.diagnostics();
  facts.unit.diagnostics.insert(facts.unit.diagnostics.end(), found.begin(), found.end());
}

bool defines_differ(const std::vector<prepared_level> &levels) {
  const auto key = [](const prepared_level &level) {
    const clang::CodeGenOptions &options = level.invocation->getCodeGenOpts();
    return std::tuple(options.OptimizationLevel != 0, options.OptimizeSize != 0,
                      options.getInlining() == clang::CodeGenOptions::OnlyAlwaysInlining);
  };
  return std::ranges::any_of(levels, [&](const prepared_level &level) { return key(level) != key(levels.front()); });
}

/// What one parse found out that another one is needed for.
struct parse_outcome {
  std::optional<level_question> question;
  identity_set missing;
};

parse_outcome parse_once(const std::vector<prepared_level> &levels, const compile_options &options,
                         const identity_set &forced, source_facts &facts) {
  level_states states;
  for (const prepared_level &level : levels) {
    states.push_back(std::make_unique<level_state>());
    states.back()->request = level.request;
    states.back()->options = level.invocation->getCodeGenOpts();
    states.back()->context.setDiscardValueNames(false);
  }
  diagnostic_collector collector;
  clang::CompilerInstance instance(levels.back().invocation);
  instance.createVirtualFileSystem(llvm::vfs::getRealFileSystem(), &collector);
  instance.createDiagnostics(&collector, /*ShouldOwnClient=*/false);
  instance.setVerboseOutputStream(llvm::nulls()); // it counts the errors that are reported in full
  compile_action action(states, options, forced, !defines_differ(levels), collector, facts);
  instance.ExecuteAction(action);
  add_diagnostics(collector, facts);
  return {action.question(), action.missing()};
}

/// One parse for all of `levels`; a second one where a coroutine is left out because what uses it is left out itself.
/// Returns the question that forbids sharing, in which case nothing was lowered.
std::optional<level_question> run(const std::vector<prepared_level> &levels, const compile_options &options,
                                  source_facts &facts) {
  const struct unit described = facts.unit;
  const parse_outcome first = parse_once(levels, options, {}, facts);
  if (first.missing.empty())
    return first.question;
  facts = source_facts{.unit = described};
  return parse_once(levels, options, first.missing, facts).question;
}

/// The symbols that the same calls had at other levels. Calls of one caller and place keep their order.
void add_symbols(const std::vector<coroutine_call> &earlier, std::vector<coroutine_call> &calls) {
  using key = std::tuple<std::string, std::string, position>;
  const auto key_of = [](const coroutine_call &call) { return key(call.caller, call.callee, call.key); };
  std::multimap<key, const coroutine_call *> known;
  for (const coroutine_call &call : earlier)
    known.emplace(key_of(call), &call);
  for (coroutine_call &call : calls) {
    const auto same = known.find(key_of(call));
    if (same == known.end())
      continue;
    call.caller_symbols.insert(same->second->caller_symbols.begin(), same->second->caller_symbols.end());
    call.callee_symbols.insert(same->second->callee_symbols.begin(), same->second->callee_symbols.end());
    known.erase(same);
  }
}

source_facts compile_here(const compile_command &command, std::span<const level_request> levels,
                          const compile_options &options) {
  source_facts facts{.unit = described_unit(command)};
  std::vector<prepared_level> prepared;
  for (const level_request &level : levels) {
    auto invocation = make_invocation(command, level.level, facts.unit);
    if (!invocation)
      return facts;
    prepared.push_back({&level, std::move(invocation)});
  }
  const struct unit described = facts.unit;
  const std::optional<level_question> question = run(prepared, options, facts);
  if (!question || !facts.compiled)
    return facts;

  // The facts of the last level stand; the lowerings of each level come from a parse of its own.
  std::map<std::string, std::map<std::string, std::string>> symbols;
  std::vector<coroutine_call> earlier;
  for (const prepared_level &level : prepared) {
    facts = source_facts{.unit = described};
    run({level}, options, facts);
    add_symbols(earlier, facts.calls);
    earlier = facts.calls;
    identifier identity;
    for (const coroutine_facts &coroutine : facts.coroutines)
      symbols[identity(coroutine.value)].insert(coroutine.symbols.begin(), coroutine.symbols.end());
    if (!facts.compiled)
      return facts;
  }
  identifier identity;
  for (coroutine_facts &coroutine : facts.coroutines)
    coroutine.symbols = symbols[identity(coroutine.value)];
  facts.unit.notes.push_back("each level was parsed on its own, because " + displayed_path(question->file) + ":" +
                             std::to_string(question->line) + " tests " + question->macro);
  return facts;
}

} // namespace

unit described_unit(const compile_command &command) {
  return {.file = displayed_path(command.file),
          .compiler = "clang " CLANG_VERSION_STRING,
          .command = command.arguments,
          .notes = command.notes};
}

source_facts compile(const compile_command &command, std::span<const level_request> levels,
                     const compile_options &options) {
  initialize_targets();
  llvm::EnablePrettyStackTrace(); // a crash tells what the compiler was doing
  source_facts facts;
  // Readers of the tree go as deep as expressions are nested, which is deeper than a usual stack.
  llvm::thread reader(std::optional<unsigned>(256u << 20), [&] {
    clang::noteBottomOfStack();
    facts = compile_here(command, levels, options);
  });
  reader.join();
  return facts;
}

} // namespace coroscope::frontend
