// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parse feeds the coroutine reader and one code generator a level; each module then goes through the pipeline that
// clang itself would run, up to but without the emission of machine code.
#include "frontend/parse.h"

#include "frontend/call_reader.h"
#include "frontend/coroutine_finder.h"
#include "frontend/coroutine_reader.h"
#include "frontend/diagnostics.h"
#include "frontend/names.h"
#include "frontend/tokens.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/Basic/TargetInfo.h>
#include <clang/CodeGen/BackendUtil.h>
#include <clang/CodeGen/ModuleBuilder.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendActions.h>
#include <clang/Frontend/MultiplexConsumer.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

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
    read_calls_result calls = read_calls(found, context, places_);
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
    const auto is_wanted_call = [&](const coroutine_call &call) { return is_wanted(call.caller); };
    if (std::ranges::none_of(facts_.coroutines, [&](const coroutine_facts &each) { return is_wanted(each.value); }) &&
        std::ranges::none_of(facts_.calls, is_wanted_call))
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
    return is_wanted(coroutine.name) || is_wanted(coroutine.mangled);
  }
  [[nodiscard]] bool is_wanted(const std::string &name) const { return !options_.wanted || options_.wanted(name); }

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
      if (llvm::isa_and_nonnull<clang::VarDecl>(declaration))
        return std::set<std::string>{variable_initialiser};
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

} // namespace

std::string identifier::operator()(const coroutine &coroutine) {
  const position &begin = coroutine.where.begin;
  std::string name = coroutine.mangled + "@" + std::to_string(begin.line) + ":" + std::to_string(begin.column);
  return name + "#" + std::to_string(seen_[name]++);
}

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

} // namespace coroscope::frontend
